/*
 * A line discipline at whose keys a test sits, and whose echo it reads.
 */
#pragma once

#include "fs/line_discipline.h"

#define TEXT_SIZE 16384

static struct line_discipline ld;

/* What the terminal was sent since the last echo_take(): taken from the ring after each byte. */
static char sent[TEXT_SIZE];
static size_t sent_count;

static inline const char *echo_take(void)
{
    sent[sent_count] = '\0';
    sent_count = 0;
    return sent;
}

/* Types n keys; the events that they made. */
static inline unsigned feed(const char *keys, size_t n)
{
    unsigned events = 0;

    for (size_t i = 0; i < n; i++) {
        events |= line_discipline_input(&ld, keys[i]);
        line_discipline_check(&ld);
        sent_count += ring_get(&ld.echo, sent + sent_count, sizeof(sent) - 1 - sent_count);
    }
    return events;
}

/* The first settings with these flags added, and the last ones taken away. */
static inline struct termios settings(uint32_t iflag, uint32_t oflag, uint32_t lflag,
                                      uint32_t lflag_off)
{
    struct termios termios = termios_initial;

    termios.iflag |= iflag;
    termios.oflag |= oflag;
    termios.lflag = (termios.lflag | lflag) & ~lflag_off;
    return termios;
}
