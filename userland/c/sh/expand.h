/*
 * expand.h - what words become when a command runs (POSIX 2.6).
 *
 * All functions return false when the expansion failed; it has then been said why, and sh->flow
 * is set. Command substitutions set sh->substitution_status.
 */
#ifndef SH_EXPAND_H
#define SH_EXPAND_H

#include "userland/c/sh/fields.h"
#include "userland/c/sh/shell.h"

#include <stdbool.h>

/* All of it: split into fields, names of files for patterns. Adds to FIELDS. */
bool expand_words(struct shell *sh, const struct word *words, struct fields *fields);

/* One string, neither split nor matched; malloc'ed into *TEXT. */
bool expand_string(struct shell *sh, const struct word *word, char **text);

/* The same for the value of an assignment: ~ also counts after a colon. */
bool expand_assignment(struct shell *sh, const struct word *word, char **text);

/* A pattern for glob_match, in which what was quoted is escaped; malloc'ed. */
bool expand_pattern(struct shell *sh, const struct word *word, char **pattern);

#endif
