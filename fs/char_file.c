/*
 * Byte streams as files: through a page of kernel memory, since drivers take no user addresses. A
 * read returns what one call of the driver gives, at most a page; a write goes on until all is
 * taken.
 */
#include "fs/char_file.h"

#include "drivers/char_device.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

static ssize_t char_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct char_device *dev = file->private;
    size_t size = MIN(uio->left, PAGE_SIZE);
    ssize_t n;
    char *buf;

    (void)pos;
    if (size == 0)
        return 0;
    buf = kmalloc(size, 0);
    if (!buf)
        return -ENOMEM;
    n = dev->ops->read(dev, buf, size, file->flags & O_NONBLOCK);
    if (n > 0 && uio_put(uio, buf, (size_t)n) != (size_t)n)
        n = -EFAULT;
    kmfree(buf);
    return n;
}

/* Sends one piece; the bytes taken, or -errno. */
static ssize_t write_piece(struct file *file, struct uio *uio, char *buf, size_t size)
{
    struct char_device *dev = file->private;
    size_t n;

    if ((file->flags & O_NONBLOCK) && !(dev->ops->poll(dev) & CHAR_POLLOUT))
        return -EAGAIN;
    n = uio_get(uio, buf, MIN(size, uio->left));
    return n == 0 ? -EFAULT : dev->ops->write(dev, buf, n);
}

static ssize_t char_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    size_t size = MIN(uio->left, PAGE_SIZE);
    ssize_t done = 0, n = 0;
    char *buf;

    (void)pos;
    if (size == 0)
        return 0;
    buf = kmalloc(size, 0);
    if (!buf)
        return -ENOMEM;
    while (uio->left > 0) {
        n = write_piece(file, uio, buf, size);
        if (n <= 0)
            break;
        done += n;
    }
    kmfree(buf);
    return done > 0 ? done : n;
}

/* CHAR_POLL* are POLL*. */
static uint32_t char_poll(struct file *file, struct poll_table *table)
{
    struct char_device *dev = file->private;
    uint32_t events;

    if (table)
        table->add(table, dev->wait);
    events = dev->ops->poll(dev);
    return events | (events & POLLIN ? POLLRDNORM : 0) | (events & POLLOUT ? POLLWRNORM : 0);
}

const struct file_ops char_file_ops = {
    .read = char_read,
    .write = char_write,
    .poll = char_poll,
    .no_seek = true,
};
