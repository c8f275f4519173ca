/*
 * wordtext.c - words that are only text; see wordtext.h.
 */
#include "userland/c/sh/wordtext.h"

#include "userland/c/sh/strbuf.h"

#include <string.h>

struct word *word_from_text(struct arena *arena, const char *text, bool quoted)
{
    struct word *word = arena_alloc(arena, sizeof(*word));
    struct part *part = arena_alloc(arena, sizeof(*part));

    part->text = arena_strndup(arena, text, strlen(text));
    part->quoted = quoted;
    word->parts = part;
    return word;
}

const char *word_plain(const struct word *word)
{
    const struct part *part = word->parts;

    if (!part || part->next || part->kind != PART_LITERAL || part->quoted)
        return NULL;
    return part->text;
}

char *word_delimiter(struct arena *arena, const struct word *word, bool *quoted)
{
    struct strbuf text = {0};
    char *delimiter = NULL;
    const struct part *part;

    *quoted = false;
    for (part = word->parts; part && part->kind == PART_LITERAL; part = part->next) {
        *quoted |= part->quoted;
        strbuf_append_string(&text, part->text);
    }
    if (!part)
        delimiter = arena_strndup(arena, strbuf_text(&text), text.length);
    strbuf_free(&text);
    return delimiter;
}
