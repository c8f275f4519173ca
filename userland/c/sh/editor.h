/*
 * editor.h - reads a line from a terminal, edited as it is typed.
 *
 * Only while a line is typed is the terminal in raw mode; what runs then has it as it was. What is
 * typed ahead stays in the terminal. A terminal whose TERM is unset, empty or "dumb" is not edited
 * on.
 */
#ifndef SH_EDITOR_H
#define SH_EDITOR_H

#include "userland/c/sh/draw.h"
#include "userland/c/sh/edit.h"
#include "userland/c/sh/history.h"
#include "userland/c/sh/shell.h"

#include <termios.h>

struct editor {
    struct shell *sh;
    struct history history;
    struct edit edit;
    struct draw draw;
    char *prompt;
    struct termios before; /* while a line is typed: the terminal's settings otherwise */
    bool tabbed;           /* the key before was a Tab that added nothing */
};

/* An editor for standard input. SH and EDITOR stay as long as it is used. */
void editor_init(struct editor *editor, struct shell *sh);

/* For struct input: CONTEXT is the editor; the line gets its newline. */
enum input_line editor_read(void *context, bool continued, struct strbuf *line);

void editor_free(struct editor *editor);

#endif
