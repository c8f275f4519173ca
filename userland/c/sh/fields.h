/*
 * fields.h - a growing list of strings: what words expand to.
 */
#ifndef SH_FIELDS_H
#define SH_FIELDS_H

#include <stddef.h>

/* items[count] is always NULL once anything was added, so that items can be an argv. */
struct fields {
    char **items;
    size_t count;
    size_t capacity;
};

/* Adds TEXT, which must be malloc'ed and belongs to the list from now on. */
void fields_add(struct fields *fields, char *text);

/* Sorts the items from FIRST on by their bytes. */
void fields_sort(struct fields *fields, size_t first);

void fields_free(struct fields *fields);

#endif
