/*
 * null, zero, full, random and kmsg. None of them has a state of its own. Long reads yield now and
 * then and stop early for a fatal signal, so `cat /dev/zero` can be killed.
 *
 * Mapping /dev/zero is mmap's business (an anonymous mapping says the same); there is no page cache
 * behind it here.
 */
#include "fs/mem_device.h"

#include "drivers/entropy.h"
#include "kernel/print.h"
#include "lib/errno.h"
#include "sched/sched.h"
#include "sched/signal.h"

#define PIECE 256

/* Fills up to n bytes of buf for a read; returns how many. pos is the file's position. */
typedef size_t fill_fn(char *buf, size_t n, uint64_t *pos);

/* Reads through fill in pieces until it gives no more, the user's room ends, or a fault. */
static ssize_t read_pieces(struct uio *uio, uint64_t *pos, fill_fn *fill)
{
    char piece[PIECE];
    size_t done = 0, n, moved;

    while (uio->left > 0) {
        n = fill(piece, MIN(sizeof(piece), uio->left), pos);
        moved = uio_put(uio, piece, n);
        done += moved;
        if (moved < n)
            return done > 0 ? (ssize_t)done : -EFAULT;
        if (n == 0 || signal_fatal_pending())
            break;
        sched_relax();
    }
    return (ssize_t)done;
}

static ssize_t null_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    (void)file;
    (void)uio;
    (void)pos;
    return 0;
}

/* Takes everything and forgets it; the bytes are not even looked at, as on Linux. */
static ssize_t null_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    (void)file;
    (void)pos;
    return (ssize_t)uio->left;
}

static ssize_t zero_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    size_t done = 0, n, moved;

    (void)file;
    (void)pos;
    while (uio->left > 0 && !signal_fatal_pending()) {
        n = MIN(uio->left, PAGE_SIZE);
        moved = uio_put_zeroes(uio, n);
        done += moved;
        if (moved < n)
            return done > 0 ? (ssize_t)done : -EFAULT;
        sched_relax();
    }
    return (ssize_t)done;
}

static ssize_t full_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    (void)file;
    (void)uio;
    (void)pos;
    return -ENOSPC;
}

static size_t random_fill(char *buf, size_t n, uint64_t *pos)
{
    (void)pos;
    entropy_fill(buf, n);
    return n;
}

static ssize_t random_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    (void)file;
    return read_pieces(uio, pos, random_fill);
}

/* What is written is mixed in and counts as nothing (random(4)). */
static ssize_t random_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    char piece[PIECE];
    size_t done = 0, n;

    (void)file;
    (void)pos;
    while (uio->left > 0 && !signal_fatal_pending()) {
        n = uio_get(uio, piece, MIN(sizeof(piece), uio->left));
        if (n == 0)
            return done > 0 ? (ssize_t)done : -EFAULT;
        entropy_add(piece, n);
        done += n;
        sched_relax();
    }
    return (ssize_t)done;
}

static size_t log_fill(char *buf, size_t n, uint64_t *pos)
{
    return print_log_read(pos, buf, n);
}

static ssize_t kmsg_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    (void)file;
    return read_pieces(uio, pos, log_fill);
}

static ssize_t kmsg_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    char line[KMSG_LINE_MAX];
    size_t n;

    (void)file;
    (void)pos;
    if (uio->left > sizeof(line))
        return -EINVAL;
    n = uio_get(uio, line, uio->left);
    if (n == 0)
        return uio->left > 0 ? -EFAULT : 0;
    printk("%.*s%s", (int)n, line, line[n - 1] == '\n' ? "" : "\n");
    return (ssize_t)n;
}

/* Any position is as good as another. */
static int64_t nowhere_seek(struct file *file, int64_t offset, int whence)
{
    (void)file;
    (void)offset;
    (void)whence;
    return 0;
}

const struct file_ops mem_null_ops = {.read = null_read, .write = null_write, .seek = nowhere_seek};
const struct file_ops mem_zero_ops = {
    .read = zero_read, .write = null_write, .seek = nowhere_seek, .maps_zeroes = true};
const struct file_ops mem_full_ops = {.read = zero_read, .write = full_write, .seek = nowhere_seek};
const struct file_ops mem_random_ops = {
    .read = random_read, .write = random_write, .seek = nowhere_seek};
const struct file_ops mem_kmsg_ops = {.read = kmsg_read, .write = kmsg_write};
