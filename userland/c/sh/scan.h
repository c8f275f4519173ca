/*
 * scan.h - the state that everybody who reads the shell's text shares.
 *
 * Characters come through scan_get, which drops line continuations. The first error is kept and
 * from then on the text seems to be at its end, so every loop above stops by itself and only
 * the top looks at FAILED.
 */
#ifndef SH_SCAN_H
#define SH_SCAN_H

#include "userland/c/sh/arena.h"
#include "userland/c/sh/input.h"

#include <stdbool.h>

#define SCAN_DEPTH_MAX 200 /* nested commands, quotes and braces; bounds the C stack */

struct node;

struct scan {
    struct input *input;
    struct arena *arena;
    bool failed;
    char error[160];
    unsigned depth;
    /*
     * Parses a list of commands, for substitutions: up to and including ")" if UNTIL_PAREN, else
     * to the end of the text. NULL for an empty one. Given by the parser to the floor below.
     */
    struct node *(*parse)(struct scan *scan, bool until_paren);
};

/* The next character without backslash-newline pairs; INPUT_EOF at the end or after an error. */
int scan_get(struct scan *scan);

/* The next character as it stands. */
int scan_get_raw(struct scan *scan);

void scan_unget(struct scan *scan, int c);

/* Keeps the first error, with its line number. */
void scan_fail(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One level deeper: false (and failed) if that is too deep. Pair with scan_leave. */
bool scan_enter(struct scan *scan);
void scan_leave(struct scan *scan);

#endif
