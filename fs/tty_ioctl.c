/*
 * The terminal's ioctls, in three groups: the settings and the window's size, the queues of input
 * and output, and the session. What a background process may not change under TOSTOP's rules sends
 * it SIGTTOU first (POSIX 11.1.4), as Linux does.
 */
#include "fs/tty_ioctl.h"

#include "arch/uaccess.h"
#include "fs/tty_session.h"
#include "lib/errno.h"
#include "sched/signal.h"
#include "sched/signal_post.h"

static int64_t user_put(uint64_t arg, const void *value, size_t n)
{
    return copy_to_user(arg, value, n) ? -EFAULT : 0;
}

static int64_t user_put_int(uint64_t arg, int64_t value)
{
    int32_t n = (int32_t)value;

    return value < 0 ? value : user_put(arg, &n, sizeof(n));
}

static int64_t ioctl_get_termios(struct tty *tty, uint64_t arg)
{
    struct termios termios;

    tty_device_get_termios(tty, &termios);
    return user_put(arg, &termios, sizeof(termios));
}

/* TCSETS: at once; TCSETSW: after the output; TCSETSF: and without the input not read yet. */
static int64_t ioctl_set_termios(struct tty *tty, unsigned cmd, uint64_t arg)
{
    struct termios termios;
    int error = tty_session_check(tty, SIGTTOU);

    if (error)
        return error;
    if (copy_from_user(&termios, arg, sizeof(termios)))
        return -EFAULT;
    if (cmd != TCSETS) {
        error = tty_device_drain(tty);
        if (error)
            return error;
    }
    if (cmd == TCSETSF)
        tty_device_flush(tty, true, false);
    tty_device_set_termios(tty, &termios);
    return 0;
}

static int64_t ioctl_get_size(struct tty *tty, uint64_t arg)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    struct winsize size = tty->size;

    spin_unlock_irqrestore(&tty->lock, flags);
    return user_put(arg, &size, sizeof(size));
}

/* The foreground group hears of a size that is really new. */
static int64_t ioctl_set_size(struct tty *tty, uint64_t arg)
{
    struct winsize size;
    uint64_t flags;
    bool changed;

    if (copy_from_user(&size, arg, sizeof(size)))
        return -EFAULT;
    flags = spin_lock_irqsave(&tty->lock);
    changed = size.rows != tty->size.rows || size.columns != tty->size.columns ||
              size.x_pixels != tty->size.x_pixels || size.y_pixels != tty->size.y_pixels;
    tty->size = size;
    spin_unlock_irqrestore(&tty->lock, flags);
    if (changed && tty->foreground > 0)
        signal_post_group(tty->foreground, SIGWINCH, NULL);
    return 0;
}

/* TCOOFF and TCOON stop and start our output; TCIOFF and TCION ask the other end to. */
static int64_t ioctl_flow(struct tty *tty, uint64_t action)
{
    struct termios termios;
    char c;

    switch (action) {
    case TCOOFF:
    case TCOON:
        tty_device_stop(tty, action == TCOOFF);
        return 0;
    case TCIOFF:
    case TCION:
        tty_device_get_termios(tty, &termios);
        c = (char)termios.cc[action == TCIOFF ? VSTOP : VSTART];
        if (c != 0)
            tty->dev->ops->put(tty->dev, &c, 1);
        return 0;
    default:
        return -EINVAL;
    }
}

static int64_t ioctl_flush(struct tty *tty, uint64_t queue)
{
    if (queue > TCIOFLUSH)
        return -EINVAL;
    tty_device_flush(tty, queue != TCOFLUSH, queue != TCIFLUSH);
    return 0;
}

static int64_t ioctl_count(struct tty *tty, unsigned cmd, uint64_t arg)
{
    uint64_t flags = spin_lock_irqsave(&tty->lock);
    size_t n = cmd == FIONREAD ? line_discipline_available(&tty->line) : tty->line.echo.count;

    spin_unlock_irqrestore(&tty->lock, flags);
    return user_put_int(arg, (int64_t)n);
}

static int64_t ioctl_set_foreground(struct tty *tty, uint64_t arg)
{
    pid_t group;

    if (copy_from_user(&group, arg, sizeof(group)))
        return -EFAULT;
    return tty_session_set_foreground(tty, group);
}

/* The queues' calls: a background process is checked before it changes one. */
static int64_t ioctl_queue(struct tty *tty, unsigned cmd, uint64_t arg)
{
    int error = tty_session_check(tty, SIGTTOU);

    if (error)
        return error;
    switch (cmd) {
    case TCXONC:
        return ioctl_flow(tty, arg);
    case TCFLSH:
        return ioctl_flush(tty, arg);
    default:
        return tty_device_drain(tty); /* the break itself means nothing on this line */
    }
}

int64_t tty_ioctl(struct tty *tty, unsigned cmd, uint64_t arg)
{
    switch (cmd) {
    case TCGETS:
        return ioctl_get_termios(tty, arg);
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
        return ioctl_set_termios(tty, cmd, arg);
    case TIOCGWINSZ:
        return ioctl_get_size(tty, arg);
    case TIOCSWINSZ:
        return ioctl_set_size(tty, arg);
    case TCXONC:
    case TCFLSH:
    case TCSBRK:
    case TCSBRKP:
        return ioctl_queue(tty, cmd, arg);
    case FIONREAD:
    case TIOCOUTQ:
        return ioctl_count(tty, cmd, arg);
    case TIOCSCTTY:
        return tty_session_acquire(tty, arg == 1);
    case TIOCNOTTY:
        return tty_session_release(tty);
    case TIOCGPGRP:
        return user_put_int(arg, tty_session_foreground(tty));
    case TIOCSPGRP:
        return ioctl_set_foreground(tty, arg);
    case TIOCGSID:
        return user_put_int(arg, tty_session_id(tty));
    case TIOCGETD:
        return user_put_int(arg, 0); /* N_TTY, the only discipline */
    default:
        return -ENOTTY;
    }
}
