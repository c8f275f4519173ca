/*
 * Output processing: one byte from a program or from the echo becomes what the terminal is sent.
 * Without OPOST a byte is sent as it is and the column stands still, as on Linux.
 *
 * Nothing here locks, allocates or sleeps; the tty's lock guards the column.
 */
#include "fs/line_output.h"

#include "lib/string.h"

static size_t output_newline(struct line_output *output, const struct termios *termios, char *out)
{
    size_t n = 0;

    if (termios->oflag & ONLCR)
        out[n++] = '\r';
    if (termios->oflag & (ONLCR | ONLRET))
        output->column = 0;
    out[n++] = '\n';
    return n;
}

static size_t output_return(struct line_output *output, const struct termios *termios, char *out)
{
    if ((termios->oflag & ONOCR) && output->column == 0)
        return 0;
    if (termios->oflag & OCRNL) {
        if (termios->oflag & ONLRET)
            output->column = 0;
        out[0] = '\n';
    } else {
        output->column = 0;
        out[0] = '\r';
    }
    return 1;
}

static size_t output_tab(struct line_output *output, const struct termios *termios, char *out)
{
    unsigned width = TAB_WIDTH - output->column % TAB_WIDTH;

    output->column += width;
    if ((termios->oflag & TABDLY) == XTABS) {
        memset(out, ' ', width);
        return width;
    }
    out[0] = '\t';
    return 1;
}

static size_t output_plain(struct line_output *output, const struct termios *termios, char c,
                           char *out)
{
    if (c == '\b') {
        if (output->column > 0)
            output->column--;
    } else if (!line_is_control(c)) {
        if ((termios->oflag & OLCUC) && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (!line_is_continuation(termios, c))
            output->column++;
    }
    out[0] = c;
    return 1;
}

size_t line_output_byte(struct line_output *output, const struct termios *termios, char c,
                        char out[LINE_OUTPUT_MAX])
{
    if (!(termios->oflag & OPOST)) {
        out[0] = c;
        return 1;
    }
    switch (c) {
    case '\n':
        return output_newline(output, termios, out);
    case '\r':
        return output_return(output, termios, out);
    case '\t':
        return output_tab(output, termios, out);
    default:
        return output_plain(output, termios, c, out);
    }
}
