/*
 * Texts of /proc. One text belongs to one open file, so a reader sees one moment of the machine
 * even when it reads in pieces. Nothing is made for a file that is never read.
 *
 * Lock: text->lock (mutex) for making and copying, since pread takes no other.
 */
#include "fs/proc_text.h"

#include "fs/proc_entry.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

struct proc_text {
    struct mutex lock;
    struct seq seq; /* under lock */
    bool made;      /* under lock */
};

static int text_open(struct file *file)
{
    struct proc_text *text = kmalloc(sizeof(*text), ALLOC_ZERO);

    if (!text)
        return -ENOMEM;
    mutex_init(&text->lock);
    file->private = text;
    file->cookie = file->inode->ino >> PROC_PID_SHIFT;
    return 0;
}

static void text_release(struct file *file)
{
    struct proc_text *text = file->private;

    seq_clear(&text->seq);
    kmfree(text);
}

/* text->lock is held. */
static int text_make(struct file *file, struct proc_text *text)
{
    const struct proc_entry *entry = file->inode->private;
    int error = 0;

    text->made = false;
    seq_clear(&text->seq);
    if (entry->text)
        seq_puts(&text->seq, entry->text);
    else if (entry->show)
        error = entry->show(&text->seq, (pid_t)file->cookie);
    if (!error)
        error = text->seq.error;
    text->made = !error;
    return error;
}

/* Bytes moved or -EFAULT; text->lock is held. */
static ssize_t text_copy(const struct seq *seq, struct uio *uio, uint64_t *pos)
{
    size_t done = 0, n, moved;
    const char *at;

    while (uio->left > 0 && (at = seq_at(seq, *pos, &n)) != NULL) {
        n = MIN(n, uio->left);
        moved = uio_put(uio, at, n);
        *pos += moved;
        done += moved;
        if (moved < n)
            return done > 0 ? (ssize_t)done : -EFAULT;
    }
    return (ssize_t)done;
}

static ssize_t text_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct proc_text *text = file->private;
    ssize_t result = 0;

    mutex_lock(&text->lock);
    if (!text->made || *pos == 0)
        result = text_make(file, text);
    if (result == 0)
        result = text_copy(&text->seq, uio, pos);
    mutex_unlock(&text->lock);
    return result;
}

static ssize_t text_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    const struct proc_entry *entry = file->inode->private;
    char text[PROC_STORE_MAX];
    size_t n = uio->left;
    int error;

    if (!entry->store || n >= sizeof(text))
        return -EINVAL;
    if (uio_get(uio, text, n) != n)
        return -EFAULT;
    *pos += n;
    text[n] = '\0';
    if (n > 0 && text[n - 1] == '\n')
        text[n - 1] = '\0';
    error = entry->store(text);
    return error ? error : (ssize_t)n;
}

const struct file_ops proc_text_ops = {
    .open = text_open,
    .release = text_release,
    .read = text_read,
    .write = text_write,
};
