/*
 * word.h - reads words: quoting and the expansions inside them.
 */
#ifndef SH_WORD_H
#define SH_WORD_H

#include "userland/c/sh/ast.h"
#include "userland/c/sh/scan.h"

#include <stdbool.h>

/* Whether C ends an unquoted word: a blank, a newline, an operator character or the end. */
bool word_ends_at(int c);

/* Reads one word; the character that ended it is left unread. May be empty after an error. */
struct word *word_read(struct scan *scan);

/* The text of a here-document, in which $, ` and \ have their meaning but quotes do not. */
struct word *word_read_here(struct scan *scan, const char *text, size_t length);

#endif
