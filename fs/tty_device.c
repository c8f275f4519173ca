/*
 * The terminal's two streams. In:
 *
 *   interrupt -> tty_receive -> line_discipline_input -> echo, signals, readers woken
 *                     \-> backlog (discipline full) -> tried again when a reader has taken some
 *
 * Out: a writer's bytes are processed in small pieces under the lock, behind what the echo left,
 * and sent with the device's sleeping write. The echo is put without sleeping; what the device does
 * not take at once, a thread sends.
 *
 * What a byte sets off (signals, wake-ups) is done after tty->lock is let go: posting a signal
 * takes process_lock. A tty lives as long as the machine.
 */
#include "fs/tty_device.h"

#include <stdatomic.h>

#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "sched/kthread.h"
#include "sched/signal.h"
#include "sched/signal_post.h"

#define ROWS_DEFAULT    24
#define COLUMNS_DEFAULT 80

#define WRITE_PIECE 128 /* bytes of a program's output that are processed at once */
#define ECHO_PIECE  256
#define OUT_SIZE    (ECHO_PIECE + WRITE_PIECE * LINE_OUTPUT_MAX)

/*
 * Sends as much of the echo as the device takes now, and leaves the rest to the echo thread;
 * tty->lock is held.
 */
static void echo_send(struct tty *tty)
{
    struct ring *echo = &tty->line.echo;
    char piece[ECHO_PIECE];
    size_t n, sent;

    while (!ring_empty(echo) && !tty->line.stopped) {
        n = ring_peek(echo, 0, piece, sizeof(piece));
        sent = tty->dev->ops->put(tty->dev, piece, n);
        ring_skip(echo, sent);
        if (sent < n) {
            wait_wake_all(&tty->echo_wait);
            return;
        }
    }
}

static void foreground_signal(struct tty *tty, int sig)
{
    static const struct siginfo from_kernel = {.code = SI_KERNEL};
    struct siginfo info = from_kernel;
    pid_t group = tty->foreground;

    info.signo = sig;
    if (group > 0)
        signal_post_group(group, sig, &info);
}

/* Does what the bytes set off; no lock is held. */
static void events_act(struct tty *tty, unsigned events)
{
    if (events & LINE_INTR)
        foreground_signal(tty, SIGINT);
    if (events & LINE_QUIT)
        foreground_signal(tty, SIGQUIT);
    if (events & LINE_SUSP)
        foreground_signal(tty, SIGTSTP);
    if (events & LINE_READABLE)
        wait_wake_all(&tty->read_wait);
    if (events & LINE_STARTED)
        wait_wake_all(&tty->write_wait);
}

/* One byte from the device; tty->lock is held. */
static unsigned byte_feed(struct tty *tty, char c)
{
    bool signal = line_discipline_is_signal(&tty->line, c);
    unsigned events;

    if (!signal && (!ring_empty(&tty->backlog) || line_discipline_full(&tty->line))) {
        ring_put_byte(&tty->backlog, c);
        return 0;
    }
    events = line_discipline_input(&tty->line, c);
    if (events & LINE_FLUSHED)
        ring_clear(&tty->backlog);
    return events;
}

/* Feeds what was kept back, as far as there is room now; tty->lock is held. */
static unsigned backlog_feed(struct tty *tty)
{
    unsigned events = 0;
    char c;

    while (!line_discipline_full(&tty->line) && ring_get(&tty->backlog, &c, 1) == 1)
        events |= line_discipline_input(&tty->line, c);
    return events;
}

/* char_device.receive: interrupt context. */
static void tty_receive(struct char_device *dev, char c)
{
    struct tty *tty = dev->receive_owner;
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    unsigned events = byte_feed(tty, c);

    echo_send(tty);
    spin_unlock_irqrestore(&tty->lock, flags);
    events_act(tty, events);
}

static void turn_init(struct tty_turn *turn)
{
    turn->taken = 0;
    wait_queue_init(&turn->queue);
}

static bool turn_try(struct tty_turn *turn)
{
    uint32_t expected = 0;

    return atomic_compare_exchange_strong(&turn->taken, &expected, 1);
}

int tty_turn_take(struct tty_turn *turn, bool nonblock)
{
    if (turn_try(turn))
        return 0;
    if (nonblock)
        return -EAGAIN;
    return wait_event(&turn->queue, turn_try(turn));
}

void tty_turn_give(struct tty_turn *turn)
{
    turn->taken = 0;
    wait_wake_all(&turn->queue);
}

size_t tty_device_take(struct tty *tty, char *buf, size_t n, bool *ended)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    size_t count = line_discipline_read(&tty->line, buf, n, ended);
    unsigned events = backlog_feed(tty);

    echo_send(tty);
    spin_unlock_irqrestore(&tty->lock, flags);
    events_act(tty, events);
    return count;
}

bool tty_device_readable(struct tty *tty)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    bool readable = line_discipline_readable(&tty->line);

    spin_unlock_irqrestore(&tty->lock, flags);
    return readable;
}

/* The echo that waits, at most ECHO_PIECE bytes of it, then the processed piece. */
static size_t output_make(struct tty *tty, const char *piece, size_t n, char *out)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    size_t count = ring_get(&tty->line.echo, out, ECHO_PIECE);

    for (size_t i = 0; i < n; i++)
        count += line_output_byte(&tty->line.output, &tty->line.termios, piece[i], out + count);
    spin_unlock_irqrestore(&tty->lock, flags);
    return count;
}

/* Sends all n bytes; sleeps. 0 or -errno. */
static int output_send(struct tty *tty, const char *out, size_t n)
{
    while (n > 0) {
        ssize_t sent = tty->dev->ops->write(tty->dev, out, n);

        if (sent <= 0)
            return sent < 0 ? (int)sent : -EIO;
        out += sent;
        n -= (size_t)sent;
    }
    return 0;
}

static ssize_t write_piece(struct tty *tty, struct uio *uio)
{
    char piece[WRITE_PIECE], out[OUT_SIZE];
    int error = wait_event(&tty->write_wait, !tty->line.stopped);
    size_t n;

    if (error)
        return error;
    n = uio_get(uio, piece, MIN(sizeof(piece), uio->left));
    if (n == 0)
        return -EFAULT;
    error = output_send(tty, out, output_make(tty, piece, n, out));
    return error ? error : (ssize_t)n;
}

/* The processed bytes go behind the echo, if all of them fit there, and on as far as they can. */
static ssize_t write_piece_nowait(struct tty *tty, struct uio *uio)
{
    char piece[WRITE_PIECE], out[LINE_OUTPUT_MAX];
    struct ring *echo = &tty->line.echo;
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    bool fits;
    size_t n;

    echo_send(tty);
    fits = !tty->line.stopped && ring_space(echo) >= ECHO_SIZE / 2 + sizeof(piece) * sizeof(out);
    spin_unlock_irqrestore(&tty->lock, flags);
    if (!fits)
        return -EAGAIN;
    n = uio_get(uio, piece, MIN(sizeof(piece), uio->left));
    if (n == 0)
        return -EFAULT;
    flags = spin_lock_irqsave(&tty->lock);
    for (size_t i = 0; i < n; i++)
        ring_put(echo, out, line_output_byte(&tty->line.output, &tty->line.termios, piece[i], out));
    echo_send(tty);
    spin_unlock_irqrestore(&tty->lock, flags);
    return (ssize_t)n;
}

ssize_t tty_device_write(struct tty *tty, struct uio *uio, bool nonblock)
{
    ssize_t done = 0, n;

    while (uio->left > 0) {
        n = nonblock ? write_piece_nowait(tty, uio) : write_piece(tty, uio);
        if (n < 0)
            return done > 0 ? done : n;
        done += n;
    }
    return done;
}

/* Sends what the echo ring holds; the caller has the writer's turn. */
static int echo_drain(struct tty *tty)
{
    char out[OUT_SIZE];
    size_t n;
    int error;

    do {
        error = wait_event(&tty->write_wait, !tty->line.stopped);
        if (error)
            return error;
        n = output_make(tty, NULL, 0, out);
        error = output_send(tty, out, n);
    } while (n > 0 && !error);
    return error;
}

int tty_device_drain(struct tty *tty)
{
    int error = tty_turn_take(&tty->writer, false);

    if (error)
        return error;
    error = echo_drain(tty);
    tty_turn_give(&tty->writer);
    return error;
}

void tty_device_flush(struct tty *tty, bool input, bool output)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);

    if (input) {
        line_discipline_flush_input(&tty->line);
        ring_clear(&tty->backlog);
    }
    if (output)
        ring_clear(&tty->line.echo);
    spin_unlock_irqrestore(&tty->lock, flags);
}

void tty_device_stop(struct tty *tty, bool stop)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);

    tty->line.stopped = stop;
    echo_send(tty);
    spin_unlock_irqrestore(&tty->lock, flags);
    if (!stop)
        wait_wake_all(&tty->write_wait);
}

void tty_device_get_termios(struct tty *tty, struct termios *termios)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);

    *termios = tty->line.termios;
    spin_unlock_irqrestore(&tty->lock, flags);
}

void tty_device_set_termios(struct tty *tty, const struct termios *termios)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    unsigned events = line_discipline_set(&tty->line, termios);

    events |= backlog_feed(tty);
    spin_unlock_irqrestore(&tty->lock, flags);
    events_act(tty, events | LINE_READABLE);
}

static bool echo_waits(struct tty *tty)
{
    return !ring_empty(&tty->line.echo) && !tty->line.stopped;
}

/* Sends what an interrupt could not: it may sleep where the interrupt may not. */
static void echo_thread(void *arg)
{
    struct tty *tty = arg;

    for (;;) {
        wait_event_uninterruptible(&tty->echo_wait, echo_waits(tty));
        tty_device_drain(tty);
    }
}

struct tty *tty_device_create(struct char_device *dev, uint64_t rdev)
{
    struct tty *tty = kmalloc(sizeof(*tty), ALLOC_ZERO);

    if (!tty)
        return NULL;
    tty->dev = dev;
    tty->rdev = rdev;
    spin_init(&tty->lock, "tty");
    line_discipline_init(&tty->line);
    ring_init(&tty->backlog, tty->backlog_bytes, sizeof(tty->backlog_bytes));
    wait_queue_init(&tty->echo_wait);
    tty->size.rows = ROWS_DEFAULT;
    tty->size.columns = COLUMNS_DEFAULT;
    wait_queue_init(&tty->read_wait);
    wait_queue_init(&tty->write_wait);
    turn_init(&tty->reader);
    turn_init(&tty->writer);
    if (!kthread_create("tty echo", echo_thread, tty)) {
        kmfree(tty);
        return NULL;
    }
    dev->receive_owner = tty;
    dev->receive = tty_receive;
    return tty;
}
