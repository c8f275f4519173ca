/*
 * The line discipline: what the bytes typed at a terminal become for the program that reads it, and
 * what is echoed. Pure logic: bytes go in, events, an echo and lines come out. The tty around it
 * locks, posts the signals and wakes the readers.
 *
 *        head            ready           tail
 *          | ready to read |  being edited |        cells, by ever growing position
 *
 * Canonical mode (ICANON): a line moves from "being edited" to "ready" when it is ended; it is at
 * most LINE_SIZE - 1 bytes and its end. Otherwise every byte is ready at once. Invariants
 * (line_discipline_check): head <= ready <= tail <= head + LINE_SIZE; without ICANON ready == tail.
 *
 * Sources: POSIX 1003.1-2017, chapter 11; termios(3) for what Linux adds (WERASE, REPRINT, LNEXT,
 * ECHOCTL, ECHOKE, IUTF8).
 */
#pragma once

#include "fs/line_output.h"
#include "fs/termios.h"
#include "lib/ring.h"

#define LINE_SIZE 4096 /* the longest line with its end: termios(3), "Canonical mode" */
#define ECHO_SIZE 4096

/* What a byte set off; several can be. */
enum line_event {
    LINE_READABLE = 1u << 0, /* there is something to read that was not there */
    LINE_STARTED = 1u << 1,  /* stopped output goes on */
    LINE_FLUSHED = 1u << 2,  /* what was not read yet is thrown away */
    LINE_INTR = 1u << 3,     /* SIGINT, SIGQUIT, SIGTSTP to the foreground group */
    LINE_QUIT = 1u << 4,
    LINE_SUSP = 1u << 5,
};

struct line_discipline {
    struct termios termios;
    uint64_t head, ready, tail;
    uint16_t cell[LINE_SIZE]; /* a byte and LINE_CELL_* */
    bool literal;             /* the next byte is taken as it is: VLNEXT was typed */
    bool stopped;             /* output is stopped: VSTOP was typed, or TCOOFF */
    unsigned line_column;     /* where the line being edited begins on the screen */
    struct line_output output;
    struct ring echo; /* what is still to be sent to the terminal; what does not fit is lost */
    char echo_bytes[ECHO_SIZE];
};

/* Linux's settings for a fresh serial terminal (drivers/tty/tty_io.c, tty_std_termios). */
void line_discipline_init(struct line_discipline *ld);

/* Takes one byte; returns enum line_event bits. */
unsigned line_discipline_input(struct line_discipline *ld, char c);

/* Whether further bytes would be lost until somebody reads. */
bool line_discipline_full(const struct line_discipline *ld);

/* Whether c would become a signal now, however full it is. */
bool line_discipline_is_signal(const struct line_discipline *ld, char c);

/*
 * Takes up to n bytes for a reader. Canonical: of one line only; *ended says that the line's end
 * was among them (0 bytes and *ended: end of file). Otherwise *ended is true if there was a byte.
 */
size_t line_discipline_read(struct line_discipline *ld, char *buf, size_t n, bool *ended);

/* Whether a read would get something, an end of file included. */
bool line_discipline_readable(const struct line_discipline *ld);

/* Bytes that can be read now: FIONREAD. */
size_t line_discipline_available(const struct line_discipline *ld);

/* New settings; what was typed before stays readable. Returns enum line_event bits. */
unsigned line_discipline_set(struct line_discipline *ld, const struct termios *termios);

/* Throws away what has not been read. */
void line_discipline_flush_input(struct line_discipline *ld);

/* Asserts the invariants. */
void line_discipline_check(const struct line_discipline *ld);
