/*
 * input.c - reading the shell's text; see input.h for the kinds and their rules.
 *
 * input_fill is the only place that reads. Line numbers, the record and the pushed-back
 * characters are kept here, so that the lexer above sees nothing but characters.
 */
#include "userland/c/sh/input.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void input_open_string(struct input *input, const char *text, size_t length)
{
    memset(input, 0, sizeof(*input));
    input->kind = INPUT_STRING;
    input->fd = -1;
    input->data = text;
    input->length = length;
    input->line = 1;
}

void input_open_fd(struct input *input, int fd, enum input_kind kind)
{
    memset(input, 0, sizeof(*input));
    input->kind = kind;
    input->fd = fd;
    input->data = input->buffer;
    input->line = 1;
}

enum input_kind input_kind_of(int fd, bool interactive)
{
    if (interactive && isatty(fd))
        return INPUT_TERMINAL;
    return lseek(fd, 0, SEEK_CUR) >= 0 ? INPUT_SEEKABLE : INPUT_PIPE;
}

void input_close(struct input *input)
{
    if (input->kind == INPUT_SCRIPT)
        close(input->fd);
    strbuf_free(&input->record);
    strbuf_free(&input->edited);
}

static void interrupt_noted(int number)
{
    (void)number; /* that read() has ended with EINTR says it all */
}

/* Reads a line with the editor, with the same rule for ^C as read_terminal. Bytes; -1: no editor.
 */
static ssize_t read_edited(struct input *input)
{
    enum input_line outcome;

    if (!input->edit)
        return -1;
    strbuf_truncate(&input->edited, 0);
    do {
        outcome = input->edit(input->edit_context, input->continued, &input->edited);
    } while (outcome == INPUT_LINE_DROPPED && !input->continued);
    if (outcome == INPUT_LINE_PLAIN)
        return -1;
    input->interrupted = outcome == INPUT_LINE_DROPPED;
    input->data = strbuf_text(&input->edited);
    return (ssize_t)input->edited.length;
}

/* Shows the prompt and reads a line; at ^C once more, or, within a command, no more of it. */
static ssize_t read_terminal(struct input *input)
{
    struct sigaction noted = {.sa_handler = interrupt_noted}, before;
    ssize_t got = read_edited(input);

    if (got >= 0)
        return got;
    input->data = input->buffer;
    sigaction(SIGINT, &noted, &before);
    for (;;) {
        if (input->prompt)
            input->prompt(input->prompt_context, input->continued);
        got = read(input->fd, input->buffer, INPUT_BUFFER);
        if (got >= 0 || errno != EINTR)
            break;
        fputc('\n', stderr);
        input->interrupted = input->continued;
        if (input->interrupted)
            break;
    }
    sigaction(SIGINT, &before, NULL);
    return got;
}

/* Reads more from anything but a terminal. */
static ssize_t read_plain(struct input *input)
{
    ssize_t got;

    do {
        got = read(input->fd, input->buffer, input->kind == INPUT_PIPE ? 1 : INPUT_BUFFER);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Reads more. False at the end; an end of a terminal's input is not for ever. */
static bool input_fill(struct input *input)
{
    ssize_t got;

    if (input->kind == INPUT_STRING || input->at_end)
        return false;
    got = input->kind == INPUT_TERMINAL ? read_terminal(input) : read_plain(input);
    input->position = 0;
    input->length = got > 0 ? (size_t)got : 0;
    if (got <= 0 && input->kind != INPUT_TERMINAL)
        input->at_end = true;
    return got > 0;
}

int input_get(struct input *input)
{
    int c;

    if (input->pushed_count > 0) {
        c = input->pushed[--input->pushed_count];
    } else {
        if (input->position == input->length && !input_fill(input))
            return INPUT_EOF;
        c = (unsigned char)input->data[input->position++];
    }
    strbuf_append_char(&input->record, (char)c);
    if (c == '\n') {
        input->line++;
        input->continued = true;
    }
    return c;
}

void input_unget(struct input *input, int c)
{
    if (c == INPUT_EOF)
        return;
    assert(input->pushed_count < INPUT_PUSH_BACK && input->record.length > 0);
    input->pushed[input->pushed_count++] = c;
    strbuf_truncate(&input->record, input->record.length - 1);
    if (c == '\n')
        input->line--;
}

void input_begin_command(struct input *input)
{
    strbuf_truncate(&input->record, 0);
    input->continued = false;
    input->interrupted = false;
}

void input_sync(struct input *input)
{
    size_t ahead = input->length - input->position + (size_t)input->pushed_count;

    if (input->kind != INPUT_SEEKABLE || ahead == 0)
        return;
    if (lseek(input->fd, -(off_t)ahead, SEEK_CUR) < 0)
        return;
    input->position = input->length = 0;
    input->pushed_count = 0;
}

void input_discard_line(struct input *input)
{
    input->position = input->length;
    input->pushed_count = 0;
}
