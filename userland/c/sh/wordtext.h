/*
 * wordtext.h - words that are only text: made of it, and turned back into it.
 */
#ifndef SH_WORDTEXT_H
#define SH_WORDTEXT_H

#include "userland/c/sh/arena.h"
#include "userland/c/sh/ast.h"

#include <stdbool.h>

/* A word of one literal part. */
struct word *word_from_text(struct arena *arena, const char *text, bool quoted);

/* The word's text if it is a single unquoted literal (so it may be a reserved word), or NULL. */
const char *word_plain(const struct word *word);

/*
 * The delimiter a here-document's word means: its text without the quotes, and whether it had
 * any. NULL if it contains an expansion.
 */
char *word_delimiter(struct arena *arena, const struct word *word, bool *quoted);

#endif
