/*
 * history.c - a list of lines; see history.h.
 *
 * Lines are numbered from 1 for as long as the shell lives; forgetting the oldest changes no
 * number.
 */
#include "userland/c/sh/history.h"

#include "userland/c/sh/strbuf.h"

#include <stdlib.h>
#include <string.h>

void history_add(struct history *history, const char *line)
{
    struct fields *lines = &history->lines;

    if (line[strspn(line, " \t")] == '\0')
        return;
    if (lines->count > 0 && strcmp(lines->items[lines->count - 1], line) == 0)
        return;
    if (lines->count == HISTORY_MAX) {
        free(lines->items[0]);
        lines->count--;
        memmove(lines->items, lines->items + 1, lines->count * sizeof(*lines->items));
        lines->items[lines->count] = NULL;
        history->forgotten++;
    }
    fields_add(lines, mem_strdup(line));
}

size_t history_search(const struct history *history, size_t before, const char *text)
{
    for (size_t at = before; at > 0; at--)
        if (strstr(history->lines.items[at - 1], text))
            return at - 1;
    return before;
}

void history_free(struct history *history)
{
    fields_free(&history->lines);
}
