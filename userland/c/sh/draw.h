/*
 * draw.h - shows a prompt and a line on a terminal, over as many rows as they take.
 *
 * The picture is text for the terminal, gathered in OUTPUT, which the caller sends. It uses what
 * every terminal has: carriage return, cursor up and right, erase below (ECMA-48, 8.3). The
 * terminal wraps at its last column; behind a full row the cursor is put on the next by hand.
 */
#ifndef SH_DRAW_H
#define SH_DRAW_H

#include "userland/c/sh/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct draw_line {
    const char *prompt; /* may hold escape sequences and newlines */
    const char *text;
    size_t cursor; /* bytes of text before it */
};

struct draw {
    size_t columns; /* of the terminal */
    struct strbuf output;
    struct strbuf shown; /* prompt and text as they stand on the screen */
    size_t cursor;       /* bytes of shown before the cursor */
    bool fresh;          /* nothing is on the screen; the cursor is where the prompt goes */
};

/* What comes next is fresh: it begins where the cursor is. */
void draw_begin(struct draw *draw);

/* Shows the line in place of the one shown. */
void draw_show(struct draw *draw, const struct draw_line *line);

/* Moves behind the text and to a new row; what comes next is fresh. */
void draw_leave(struct draw *draw);

/* Clears the screen; what comes next is fresh. */
void draw_clear(struct draw *draw);

/* Columns that TEXT takes when it does not wrap. */
size_t draw_width(const char *text);

void draw_free(struct draw *draw);

#endif
