/*
 * One terminal: a console device with a line discipline, as the tty's other files share it.
 *
 * Received bytes go through the discipline at once, in the interrupt, so that ^C reaches a program
 * that never reads. The echo is sent without sleeping; what the device does not take then waits in
 * the discipline's echo ring for the next write or for a thread that may sleep. Bytes that come
 * while the discipline is full wait in the backlog, so a long paste is not lost; a signal's
 * character overtakes them.
 *
 * Locks: tty->lock (spin, irqsave) guards the discipline and backlog, tagged (y). session and
 * foreground change under process_lock, tagged (p). Never both at once. The turns are held over
 * sleeps, one reader and one writer at a time.
 */
#pragma once

#include "drivers/char_device.h"
#include "fs/line_discipline.h"
#include "fs/uio.h"
#include "kernel/spinlock.h"
#include "sched/wait.h"

#define TTY_BACKLOG_SIZE (16 * KIB)

/* A place that one task at a time has; others wait, interruptibly. */
struct tty_turn {
    _Atomic uint32_t taken;
    struct wait_queue queue;
};

struct tty {
    struct char_device *dev; /* (i) */
    uint64_t rdev;           /* (i) for /proc/PID/stat */
    struct spinlock lock;
    struct line_discipline line;             /* (y) */
    struct ring backlog;                     /* (y) */
    struct winsize size;                     /* (y) */
    struct wait_queue read_wait, write_wait; /* readable; output goes on */
    struct wait_queue echo_wait;             /* the echo thread sleeps here */
    struct tty_turn reader, writer;
    _Atomic pid_t session, foreground; /* (p) to change, (a) to read; 0: none */
    char backlog_bytes[TTY_BACKLOG_SIZE];
};

/* Makes the terminal of dev and takes dev's received bytes. NULL: memory is short. */
struct tty *tty_device_create(struct char_device *dev, uint64_t rdev);

/* 0, -EAGAIN (nonblock and taken), -EINTR. */
int tty_turn_take(struct tty_turn *turn, bool nonblock);
void tty_turn_give(struct tty_turn *turn);

/* Takes bytes for a reader: line_discipline_read() with the locking. Does not sleep. */
size_t tty_device_take(struct tty *tty, char *buf, size_t n, bool *ended);
bool tty_device_readable(struct tty *tty);

/*
 * Sends uio's bytes through output processing; the caller has the writer's turn. Bytes taken from
 * uio, or -EAGAIN, -EFAULT, -EINTR, -EIO when there were none. Sleeps unless nonblock.
 */
ssize_t tty_device_write(struct tty *tty, struct uio *uio, bool nonblock);

/* Waits until the device has all output. 0, -EINTR, -EIO. */
int tty_device_drain(struct tty *tty);

/* Throws input, output, or both away. */
void tty_device_flush(struct tty *tty, bool input, bool output);

/* Stops or starts output, as ^S and ^Q do. */
void tty_device_stop(struct tty *tty, bool stop);

/* The settings: a copy of them; new ones. */
void tty_device_get_termios(struct tty *tty, struct termios *termios);
void tty_device_set_termios(struct tty *tty, const struct termios *termios);
