/*
 * edit.h - a line being typed: its text, the cursor, and what each key does to them.
 *
 *      ^B ^F left right        a character           ^A ^E home end     the line's ends
 *      ESC b, ESC f, ^left     a word                ^P ^N up down      lines typed before
 *      ^H rubout, ^D delete    erase a character     ^W, ESC d          erase a word
 *      ^U ^K                   erase to an end       ^Y                 put back what was erased
 *      ^T                      swap two characters   ^R                 search lines typed before
 *      ^L                      clear the screen      Tab                complete
 *      ^C                      drop the line         ^D, nothing typed  end of input
 *
 * Nothing here knows of a terminal: draw.h shows it, and editor.h brings both together.
 */
#ifndef SH_EDIT_H
#define SH_EDIT_H

#include "userland/c/sh/history.h"
#include "userland/c/sh/keys.h"
#include "userland/c/sh/strbuf.h"

#include <stdbool.h>

enum edit_result {
    EDIT_MORE,     /* the line goes on */
    EDIT_BELL,     /* the same, and the key had nothing to do */
    EDIT_LINE,     /* the line is typed */
    EDIT_END,      /* end of input */
    EDIT_DROPPED,  /* ^C */
    EDIT_CLEAR,    /* wanted: a clear screen */
    EDIT_COMPLETE, /* wanted: completion */
};

struct edit {
    struct strbuf text;
    size_t cursor; /* 0 .. text.length, between characters */
    struct strbuf killed;
    bool killing; /* the key before erased text for ^Y: more is joined to it */
    const struct history *history;
    size_t place; /* which line of history is shown; its count: the line's own */
    char *own;    /* the line's own text while another is shown, else NULL */
    bool searching;
    size_t origin; /* the place that the search began at */
    struct strbuf pattern;
};

/* Begins an empty line; what was erased before can still be put back. */
void edit_begin(struct edit *edit, const struct history *history);

enum edit_result edit_key(struct edit *edit, const struct key *key);

/* Replaces LENGTH bytes that end at the cursor by TEXT, with the cursor behind it. */
void edit_replace(struct edit *edit, size_t length, const char *text);

void edit_free(struct edit *edit);

#endif
