/*
 * fields.c - a list of strings it owns; see fields.h.
 *
 * The array doubles as it grows and keeps a NULL after its last item.
 */
#include "userland/c/sh/fields.h"

#include "userland/c/sh/strbuf.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_FIRST 8

void fields_add(struct fields *fields, char *text)
{
    if (fields->count + 1 >= fields->capacity) {
        fields->capacity = fields->capacity ? fields->capacity * 2 : FIELDS_FIRST;
        fields->items = mem_realloc(fields->items, fields->capacity * sizeof(*fields->items));
    }
    fields->items[fields->count++] = text;
    fields->items[fields->count] = NULL;
}

static int item_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void fields_sort(struct fields *fields, size_t first)
{
    if (fields->count > first + 1)
        qsort(fields->items + first, fields->count - first, sizeof(*fields->items), item_compare);
}

void fields_free(struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        free(fields->items[i]);
    free(fields->items);
    *fields = (struct fields){0};
}
