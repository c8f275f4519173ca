/*
 * The terminal's file operations. file->private is the tty.
 *
 * A canonical read returns when a line has ended, at most one line. Otherwise VMIN and VTIME say
 * when (termios(3), "Canonical and noncanonical mode"):
 *
 *              VTIME = 0                      VTIME > 0
 *   VMIN = 0   what is there, perhaps none    the first byte, or none after VTIME
 *   VMIN > 0   VMIN bytes                     VMIN bytes, or a pause of VTIME after one
 */
#include "fs/tty.h"

#include "arch/time.h"
#include "fs/device.h"
#include "fs/device_number.h"
#include "fs/tty_device.h"
#include "fs/tty_ioctl.h"
#include "kernel/cmdline.h"
#include "lib/errno.h"
#include "lib/parse.h"
#include "lib/string.h"
#include "sched/signal.h"

#define VTIME_UNIT_NS    100000000UL /* VTIME counts tenths of a second */
#define READ_PIECE       256
#define CONSOLE_SIZE_MAX 16 /* "65535x65535" and its end */
#define NO_DEADLINE      UINT64_MAX

static struct tty *console; /* (i) after tty_init() */

/* One read: its rules, fixed when it begins, and how far it has come. */
struct tty_read {
    struct tty *tty;
    struct uio *uio;
    bool nonblock, canonical;
    uint64_t minimum;  /* bytes that end it; 0: any, or none */
    uint64_t pause_ns; /* VTIME; 0: waits for ever, or with minimum 0 not at all */
    uint64_t deadline;
    size_t done;
};

static void read_begin(struct tty_read *read, struct file *file, struct uio *uio)
{
    struct tty *tty = file->private;
    struct termios termios;

    tty_device_get_termios(tty, &termios);
    *read = (struct tty_read){
        .tty = tty,
        .uio = uio,
        .nonblock = file->flags & O_NONBLOCK,
        .canonical = termios.lflag & ICANON,
        .minimum = 1,
        .deadline = NO_DEADLINE,
    };
    if (read->canonical)
        return;
    read->minimum = termios.cc[VMIN];
    read->pause_ns = termios.cc[VTIME] * VTIME_UNIT_NS;
    if (read->minimum == 0 && read->pause_ns > 0)
        read->deadline = time_ns() + read->pause_ns;
}

/* Moves what is there, up to a line's end in canonical mode. Whether the read is over; -EFAULT. */
static int read_take(struct tty_read *read)
{
    char piece[READ_PIECE];
    bool ended = false;
    size_t n;

    do {
        n = tty_device_take(read->tty, piece, MIN(sizeof(piece), read->uio->left), &ended);
        if (uio_put(read->uio, piece, n) != n)
            return -EFAULT;
        read->done += n;
        if (n > 0 && !read->canonical && read->minimum > 0 && read->pause_ns > 0)
            read->deadline = time_ns() + read->pause_ns;
        if (read->uio->left == 0 || (ended && read->canonical))
            return true;
    } while (n > 0);
    return read->done > 0 && read->done >= read->minimum;
}

/* Sleeps until there may be more. 0; otherwise the read is over, with this error or -ETIMEDOUT. */
static int read_wait(struct tty_read *read)
{
    struct tty *tty = read->tty;

    if (!read->canonical && read->minimum == 0 && read->pause_ns == 0)
        return -ETIMEDOUT;
    if (read->nonblock)
        return -EAGAIN;
    return wait_event_until(&tty->read_wait, tty_device_readable(tty), read->deadline);
}

static ssize_t read_run(struct tty_read *read)
{
    int over, error;

    for (;;) {
        over = read_take(read);
        if (over < 0)
            return read->done > 0 ? (ssize_t)read->done : over;
        if (over)
            return (ssize_t)read->done;
        error = read_wait(read);
        if (error && (read->done > 0 || error == -ETIMEDOUT))
            return (ssize_t)read->done;
        if (error)
            return error;
    }
}

static ssize_t tty_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct tty *tty = file->private;
    struct tty_read read;
    ssize_t done = tty_session_check(tty, SIGTTIN);

    (void)pos;
    if (done < 0 || uio->left == 0)
        return done;
    done = tty_turn_take(&tty->reader, file->flags & O_NONBLOCK);
    if (done < 0)
        return done;
    read_begin(&read, file, uio);
    done = read_run(&read);
    tty_turn_give(&tty->reader);
    return done;
}

static ssize_t tty_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct tty *tty = file->private;
    bool nonblock = file->flags & O_NONBLOCK;
    struct termios termios;
    ssize_t done = 0;

    (void)pos;
    tty_device_get_termios(tty, &termios);
    if (termios.lflag & TOSTOP)
        done = tty_session_check(tty, SIGTTOU);
    if (done < 0)
        return done;
    done = tty_turn_take(&tty->writer, nonblock);
    if (done < 0)
        return done;
    done = tty_device_write(tty, uio, nonblock);
    tty_turn_give(&tty->writer);
    return done;
}

static uint32_t tty_poll(struct file *file, struct poll_table *table)
{
    struct tty *tty = file->private;
    uint32_t events = 0;

    if (table) {
        table->add(table, &tty->read_wait);
        table->add(table, &tty->write_wait);
        table->add(table, tty->dev->wait);
    }
    if (tty_device_readable(tty))
        events |= POLLIN | POLLRDNORM;
    if (!tty->line.stopped && (tty->dev->ops->poll(tty->dev) & POLLOUT))
        events |= POLLOUT | POLLWRNORM;
    return events;
}

static int64_t tty_file_ioctl(struct file *file, unsigned cmd, uint64_t arg)
{
    return tty_ioctl(file->private, cmd, arg);
}

static int console_open(struct file *file)
{
    if (!console)
        return -ENODEV;
    file->private = console;
    if (!(file->flags & O_NOCTTY) && (file->flags & O_ACCMODE) != O_WRONLY)
        tty_session_open(console);
    return 0;
}

static int current_open(struct file *file)
{
    file->private = tty_session_current();
    return file->private ? 0 : -ENXIO;
}

const struct file_ops tty_console_ops = {
    .open = console_open,
    .read = tty_read,
    .write = tty_write,
    .poll = tty_poll,
    .ioctl = tty_file_ioctl,
    .no_seek = true,
};

const struct file_ops tty_current_ops = {
    .open = current_open,
    .read = tty_read,
    .write = tty_write,
    .poll = tty_poll,
    .ioctl = tty_file_ioctl,
    .no_seek = true,
};

/* "COLSxROWS" of console.size; what is no such thing changes nothing. Nobody has the tty yet. */
static void console_size(struct tty *tty)
{
    char text[CONSOLE_SIZE_MAX], *cross;
    uint64_t columns, rows;

    if (!cmdline_get("console.size", text, sizeof(text)))
        return;
    cross = strchr(text, 'x');
    if (!cross)
        return;
    *cross = '\0';
    if (parse_u64(text, 10, &columns) || parse_u64(cross + 1, 10, &rows) || columns > UINT16_MAX ||
        rows > UINT16_MAX)
        return;
    tty->size.columns = (uint16_t)columns;
    tty->size.rows = (uint16_t)rows;
}

int tty_init(struct char_device *dev)
{
    if (console)
        return 0;
    console = tty_device_create(dev, device_number(TTY_MAJOR, TTY_SERIAL_MINOR));
    if (!console)
        return -ENOMEM;
    console_size(console);
    return 0;
}
