/*
 * Output processing: what a terminal's oflag makes of each byte, and the column that the cursor is
 * in afterwards (tabs and ONOCR need it). Pure logic. Meanings: termios(3), "c_oflag".
 */
#pragma once

#include "fs/termios.h"

#define TAB_WIDTH       8
#define LINE_OUTPUT_MAX TAB_WIDTH /* the most bytes that one byte becomes: a tab as blanks */

struct line_output {
    unsigned column; /* of the cursor, 0 is the leftmost */
};

/* A control character: it moves no column and is echoed as ^X. */
static inline bool line_is_control(char c)
{
    return (unsigned char)c < ' ' || (unsigned char)c == 0x7f;
}

/* A byte that goes on with a UTF-8 character (RFC 3629, section 3), where IUTF8 says so. */
static inline bool line_is_continuation(const struct termios *termios, char c)
{
    return (termios->iflag & IUTF8) && ((unsigned char)c & 0xc0) == 0x80;
}

/* Writes to out what c becomes and returns how many bytes that is, perhaps none. */
size_t line_output_byte(struct line_output *output, const struct termios *termios, char c,
                        char out[LINE_OUTPUT_MAX]);
