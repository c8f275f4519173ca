/*
 * input.h - where the shell's text comes from: a string, a file, a pipe or a terminal.
 *
 * One character a call. Behind it stand the rules of who may read how far ahead:
 *
 *   string     everything is there already
 *   script     opened by the shell for itself: read in blocks
 *   seekable   standard input from a file: read in blocks, but input_sync puts the file
 *              offset back before a command runs, so that the command reads what follows
 *   terminal   one line at a time; the prompt is shown before it; ^C drops the line
 *   pipe       one byte a read: what is taken from a pipe cannot be put back
 *
 * The text of the present command is recorded, from which jobs get their names. A line editor
 * may stand between a terminal and the rest, which sees only its lines.
 */
#ifndef SH_INPUT_H
#define SH_INPUT_H

#include "userland/c/sh/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define INPUT_EOF       (-1)
#define INPUT_BUFFER    1024
#define INPUT_PUSH_BACK 4

enum input_kind { INPUT_STRING, INPUT_SCRIPT, INPUT_SEEKABLE, INPUT_TERMINAL, INPUT_PIPE };

/* What came of reading a line with an editor. */
enum input_line {
    INPUT_LINE_READ,
    INPUT_LINE_END,     /* end of input */
    INPUT_LINE_DROPPED, /* ^C */
    INPUT_LINE_PLAIN,   /* this terminal cannot be edited on: read it as it is */
};

struct input {
    enum input_kind kind;
    int fd;           /* -1 for a string */
    const char *data; /* what has been read: the string, or buffer */
    size_t position, length;
    int pushed[INPUT_PUSH_BACK];
    int pushed_count;
    int line;             /* of the next character, from 1 */
    bool at_end;          /* a read said so; not kept for a terminal */
    bool interrupted;     /* ^C came at the prompt for a further line: the command is given up */
    bool continued;       /* the next line belongs to a command already begun: PS2 */
    struct strbuf record; /* the present command's text so far */
    /* Shows a prompt on a terminal; may be NULL. */
    void (*prompt)(void *context, bool continued);
    void *prompt_context;
    /* Reads a line from a terminal into an empty LINE, prompt and all; may be NULL. */
    enum input_line (*edit)(void *context, bool continued, struct strbuf *line);
    void *edit_context;
    struct strbuf edited; /* the line that edit read */
    char buffer[INPUT_BUFFER];
};

/* TEXT must stay as it is while the input is used. */
void input_open_string(struct input *input, const char *text, size_t length);

/* FD is read, and closed by input_close if it is a SCRIPT. KIND is not INPUT_STRING. */
void input_open_fd(struct input *input, int fd, enum input_kind kind);

/* What kind of input standard input is: TERMINAL if INTERACTIVE, else SEEKABLE or PIPE. */
enum input_kind input_kind_of(int fd, bool interactive);

void input_close(struct input *input);

/* The next character (0..255), or INPUT_EOF. A failed read is an end. */
int input_get(struct input *input);

/* Gives back C, the latest character got; INPUT_EOF is allowed and ignored. */
void input_unget(struct input *input, int c);

/* Starts the record of a new command, whose first line gets the first prompt. */
void input_begin_command(struct input *input);

/* Gives what is read ahead back to a seekable file. Call before a command may read it. */
void input_sync(struct input *input);

/* Throws away the rest of what is read ahead: after an error on a terminal. */
void input_discard_line(struct input *input);

#endif
