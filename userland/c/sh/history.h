/*
 * history.h - the lines that were typed, oldest first; the oldest go when there are too many.
 */
#ifndef SH_HISTORY_H
#define SH_HISTORY_H

#include "userland/c/sh/fields.h"

#define HISTORY_MAX 500

struct history {
    struct fields lines;
    size_t forgotten; /* lines that went: the first kept one has number forgotten + 1 */
};

/* Keeps a copy of LINE, unless it is blank or the same as the latest. */
void history_add(struct history *history, const char *line);

/* The index of the latest line before BEFORE that contains TEXT; BEFORE if there is none. */
size_t history_search(const struct history *history, size_t before, const char *text);

void history_free(struct history *history);

#endif
