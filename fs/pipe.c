/*
 * Pipes and FIFOs: see fs/pipe.h, pipe(7), fifo(7).
 *
 * A ring of 16 pages, allocated as they are written to and freed as they are read empty. Bytes have
 * positions that only grow; byte p lies in slot p / PAGE_SIZE % SLOTS; held are those at
 *
 *     [head, head + count)        count <= PIPE_SIZE
 *
 * A write of at most PIPE_BUF bytes waits until all of it fits and is stored without a gap; a
 * longer one goes in parts. A part is published (count grows) only when all of it came from the
 * user, so a fault leaves nothing half written. Positions start anew at 0 when the ring is empty.
 *
 * Locks: pipe->lock (mutex, tagged (l)) for both ends; it is held while bytes are copied. What wait
 * conditions look at is atomic. inode->lock guards inode->pipe and its users. Order: inode->lock,
 * then pipe->lock.
 */
#include "fs/pipe.h"

#include "arch/uaccess.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "sched/signal_post.h"
#include "sched/task.h"

#define SLOTS        (PIPE_SIZE / PAGE_SIZE)
#define PIPE_MODE    (S_IFIFO | 0600)
#define PIPEFS_MAGIC 0x50495045 /* Linux, include/uapi/linux/magic.h */
#define PIPEFS_DEV   0xb        /* anonymous device number 0:11 */

struct pipe {
    struct mutex lock;
    struct wait_queue readers_wait, writers_wait;
    struct page *slot[SLOTS];                    /* (l) */
    uint64_t head;                               /* (l) */
    _Atomic size_t count;                        /* (l) to change */
    bool news;                                   /* (l) readers may sleep on what has come */
    _Atomic unsigned readers, writers;           /* (n) to change: files open for it */
    _Atomic unsigned reader_opens, writer_opens; /* (n) to change: how often, ever */
    unsigned users;                              /* (n) files, and opens that still wait */
};

static void pipefs_statfs(struct super_block *sb, struct statfs_info *st)
{
    (void)sb;
    *st = (struct statfs_info){.type = PIPEFS_MAGIC, .block_size = PAGE_SIZE, .name_max = NAME_MAX};
}

static const struct super_ops pipefs_ops = {.statfs = pipefs_statfs};
static struct super_block pipefs = {.ops = &pipefs_ops, .fs_name = "pipefs", .dev = PIPEFS_DEV};
static _Atomic uint64_t pipe_ino;

static size_t pipe_space(const struct pipe *pipe)
{
    return PIPE_SIZE - pipe->count;
}

static struct pipe *pipe_alloc(void)
{
    struct pipe *pipe = kmalloc(sizeof(*pipe), ALLOC_ZERO);

    if (!pipe)
        return NULL;
    mutex_init(&pipe->lock);
    wait_queue_init(&pipe->readers_wait);
    wait_queue_init(&pipe->writers_wait);
    return pipe;
}

static void pipe_free(struct pipe *pipe)
{
    size_t i;

    for (i = 0; i < SLOTS; i++)
        if (pipe->slot[i])
            page_put(pipe->slot[i]);
    kmfree(pipe);
}

/* The slot's page, made if it is not there; NULL when memory is short. */
static struct page *slot_page(struct pipe *pipe, uint64_t pos)
{
    struct page **slot = &pipe->slot[pos / PAGE_SIZE % SLOTS];

    if (!*slot)
        *slot = page_alloc(0);
    return *slot;
}

/* Frees the page of a slot whose bytes have all been read. */
static void slot_retire(struct pipe *pipe, uint64_t pos)
{
    struct page **slot = &pipe->slot[pos / PAGE_SIZE % SLOTS];

    page_put(*slot);
    *slot = NULL;
}

/* Moves head on by n bytes, which stay inside one page. */
static void pipe_consume(struct pipe *pipe, size_t n)
{
    uint64_t old = pipe->head, page = ALIGN_DOWN(old, PAGE_SIZE);

    pipe->head += n;
    pipe->count -= n;
    if (pipe->count == 0) {
        pipe->head = 0;
        if (page / PAGE_SIZE % SLOTS != 0)
            slot_retire(pipe, old); /* one page, slot 0's, is kept for the next write */
    } else if (pipe->head == page + PAGE_SIZE && pipe->head + pipe->count <= page + PIPE_SIZE) {
        slot_retire(pipe, old); /* else the newest bytes lie at the start of the same page */
    }
}

/* Takes up to what is there; bytes, or -EFAULT. The lock is held. */
static ssize_t pipe_take(struct pipe *pipe, struct uio *uio)
{
    size_t done = 0;

    while (uio->left > 0 && pipe->count > 0) {
        uint64_t head = pipe->head;
        size_t offset = head % PAGE_SIZE;
        size_t n = MIN(MIN(PAGE_SIZE - offset, pipe->count), uio->left);
        char *from = (char *)page_address(pipe->slot[head / PAGE_SIZE % SLOTS]) + offset;
        size_t moved = uio_put(uio, from, n);

        if (moved > 0)
            pipe_consume(pipe, moved);
        done += moved;
        if (moved < n)
            return done > 0 ? (ssize_t)done : -EFAULT;
    }
    return (ssize_t)done;
}

/* Sleeps, without the lock, until there is something to read: 0, -EAGAIN or -EINTR. */
static int pipe_wait_readable(struct pipe *pipe, struct file *file)
{
    int error;

    if (file->flags & O_NONBLOCK)
        return -EAGAIN;
    mutex_unlock(&pipe->lock);
    error = wait_event(&pipe->readers_wait, pipe->count > 0 || pipe->writers == 0);
    mutex_lock(&pipe->lock);
    return error;
}

static ssize_t pipe_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct pipe *pipe = file->private;
    ssize_t result = 0;
    bool tight;

    (void)pos;
    if (uio->left == 0)
        return 0;
    mutex_lock(&pipe->lock);
    while (result == 0 && pipe->count == 0 && pipe->writers > 0)
        result = pipe_wait_readable(pipe, file);
    tight = pipe_space(pipe) < PIPE_BUF; /* else no writer sleeps */
    if (result == 0)
        result = pipe_take(pipe, uio);
    mutex_unlock(&pipe->lock);
    if (result > 0 && tight)
        wait_wake_all(&pipe->writers_wait);
    return result;
}

/* Stores n bytes, for which there is room, and publishes them: 0, -EFAULT or -ENOMEM. */
static int pipe_store(struct pipe *pipe, struct uio *uio, size_t n)
{
    uint64_t at = pipe->head + pipe->count, end = at + n;

    while (at < end) {
        size_t offset = at % PAGE_SIZE;
        size_t part = MIN(PAGE_SIZE - offset, end - at);
        struct page *page = slot_page(pipe, at);

        if (!page)
            return -ENOMEM;
        if (uio_get(uio, (char *)page_address(page) + offset, part) < part)
            return -EFAULT;
        at += part;
    }
    pipe->news |= pipe->count == 0;
    pipe->count += n;
    return 0;
}

/*
 * Lets go of the lock, then tells the readers, if any may sleep: only when the write is done or has
 * to sleep itself, so once for many parts.
 */
static void pipe_unlock_and_tell(struct pipe *pipe)
{
    bool news = pipe->news;

    pipe->news = false;
    mutex_unlock(&pipe->lock);
    if (news)
        wait_wake_all(&pipe->readers_wait);
}

/* Writing to a pipe that nobody reads (pipe(7)). */
static int pipe_broken(void)
{
    uint64_t irq = spin_lock_irqsave(&process_lock);

    signal_post_task_locked(current_task(), SIGPIPE, NULL);
    spin_unlock_irqrestore(&process_lock, irq);
    return -EPIPE;
}

/* Sleeps, without the lock, until `need` bytes fit: 0, -EAGAIN or -EINTR. */
static int pipe_wait_writable(struct pipe *pipe, struct file *file, size_t need)
{
    int error;

    if (file->flags & O_NONBLOCK)
        return -EAGAIN;
    pipe_unlock_and_tell(pipe);
    error = wait_event(&pipe->writers_wait, pipe_space(pipe) >= need || pipe->readers == 0);
    mutex_lock(&pipe->lock);
    return error;
}

/*
 * Writes one part: up to PIPE_BUF bytes, all or none; of a longer write that must not wait, what
 * fits. Returns bytes or -errno. The lock is held.
 */
static ssize_t pipe_write_part(struct pipe *pipe, struct file *file, struct uio *uio, bool atomic)
{
    size_t part = MIN(uio->left, (size_t)PIPE_BUF);
    int error = 0;

    while (pipe->readers > 0 && pipe_space(pipe) < part && !error) {
        if (!atomic && (file->flags & O_NONBLOCK) && pipe_space(pipe) > 0)
            part = pipe_space(pipe);
        else
            error = pipe_wait_writable(pipe, file, part);
    }
    if (pipe->readers == 0)
        return pipe_broken();
    if (!error)
        error = pipe_store(pipe, uio, part);
    return error ? error : (ssize_t)part;
}

static ssize_t pipe_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct pipe *pipe = file->private;
    bool atomic = uio->left <= PIPE_BUF;
    ssize_t n = 0;
    size_t done = 0;

    (void)pos;
    mutex_lock(&pipe->lock);
    while (uio->left > 0) {
        n = pipe_write_part(pipe, file, uio, atomic);
        if (n < 0)
            break;
        done += (size_t)n;
    }
    pipe_unlock_and_tell(pipe);
    return done > 0 ? (ssize_t)done : n;
}

static uint32_t pipe_poll(struct file *file, struct poll_table *table)
{
    struct pipe *pipe = file->private;
    uint32_t events = 0;

    if (file->source.may_read) {
        poll_table_join(table, &pipe->readers_wait);
        if (pipe->count > 0)
            events |= POLLIN | POLLRDNORM;
        if (pipe->writers == 0 && pipe->writer_opens != file->cookie)
            events |= POLLHUP; /* not before there was a writer */
    }
    if (file->source.may_write) {
        poll_table_join(table, &pipe->writers_wait);
        if (pipe_space(pipe) >= PIPE_BUF)
            events |= POLLOUT | POLLWRNORM;
        if (pipe->readers == 0)
            events |= POLLERR;
    }
    return events;
}

static int64_t pipe_ioctl(struct file *file, unsigned cmd, uint64_t arg)
{
    struct pipe *pipe = file->private;
    int count = (int)pipe->count;

    if (cmd != FIONREAD)
        return -ENOTTY;
    return copy_to_user(arg, &count, sizeof(count)) ? -EFAULT : 0;
}

/* Counts a file in at one or both ends; inode->lock is held. */
static void pipe_join(struct pipe *pipe, struct file *file)
{
    if (file->source.may_read) {
        pipe->readers++;
        pipe->reader_opens++;
    }
    if (file->source.may_write) {
        pipe->writers++;
        pipe->writer_opens++;
    }
    pipe->users++;
    file->private = pipe;
}

/* Counts a file out; the last one frees the pipe. */
static void pipe_release(struct file *file)
{
    struct inode *inode = file->inode;
    struct pipe *pipe = file->private;
    bool last;

    mutex_lock(&inode->lock);
    assert(inode->pipe == pipe && pipe->users > 0);
    pipe->readers -= file->source.may_read;
    pipe->writers -= file->source.may_write;
    wait_wake_all(&pipe->readers_wait); /* here, where no other end can free the pipe */
    wait_wake_all(&pipe->writers_wait);
    last = --pipe->users == 0;
    if (last)
        inode->pipe = NULL;
    mutex_unlock(&inode->lock);
    if (last)
        pipe_free(pipe);
}

static const struct file_ops pipe_ops = {
    .release = pipe_release,
    .read = pipe_read,
    .write = pipe_write,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .no_seek = true,
};

/* The other end of a FIFO, as one who opens it sees it. */
struct partner {
    _Atomic unsigned *count, *opens; /* files open now; opened ever */
    struct wait_queue *queue;        /* where to wait for one */
    unsigned seen;                   /* *opens at the start: one that came and went counts */
};

/* Whether a FIFO's opener has to wait for its partner: 1, 0, or -ENXIO. inode->lock is held. */
static int partner_needed(struct pipe *pipe, struct file *file, struct partner *partner)
{
    bool nonblock = file->flags & O_NONBLOCK, reads = file->source.may_read;

    if ((reads && file->source.may_write) || file->inode->sb == &pipefs)
        return 0; /* nobody waits to open a pipe without a name anew, by /dev/fd */
    *partner = reads
                   ? (struct partner){&pipe->writers, &pipe->writer_opens, &pipe->readers_wait, 0}
                   : (struct partner){&pipe->readers, &pipe->reader_opens, &pipe->writers_wait, 0};
    partner->seen = *partner->opens;
    if (*partner->count > 0)
        return 0;
    if (reads && nonblock)
        file->cookie = partner->seen; /* poll: no hang-up before there is a writer */
    if (nonblock)
        return reads ? 0 : -ENXIO;
    return 1;
}

/* Joins the FIFO's pipe, made if there is none: 1 when a partner has to be waited for, 0, -errno.
 */
static int fifo_join(struct file *file, struct partner *partner)
{
    struct inode *inode = file->inode;
    int result = -ENOMEM;

    mutex_lock(&inode->lock);
    if (!inode->pipe)
        inode->pipe = pipe_alloc();
    if (inode->pipe) {
        pipe_join(inode->pipe, file);
        wait_wake_all(&inode->pipe->readers_wait);
        wait_wake_all(&inode->pipe->writers_wait);
        result = partner_needed(inode->pipe, file, partner);
    }
    mutex_unlock(&inode->lock);
    return result;
}

/* Opening a FIFO by its name: see fifo(7). */
static int fifo_open(struct file *file)
{
    struct partner partner;
    int result;

    if (!file->source.may_read && !file->source.may_write)
        return -EINVAL;
    result = fifo_join(file, &partner);
    if (result > 0)
        result = wait_event(partner.queue, *partner.opens != partner.seen);
    if (result == 0)
        file->ops = &pipe_ops;
    else if (file->private)
        pipe_release(file);
    return result;
}

const struct file_ops fifo_ops = {.open = fifo_open, .no_seek = true};

/* An inode with an empty pipe, or NULL. */
static struct inode *pipe_inode_create(void)
{
    struct inode *inode = inode_create(&pipefs, ++pipe_ino, PIPE_MODE);
    const struct credentials *cred = &current_task()->process->cred;

    if (!inode)
        return NULL;
    inode->uid = cred->fsuid;
    inode->gid = cred->fsgid;
    inode->file_ops = &fifo_ops;
    inode->pipe = pipe_alloc();
    if (!inode->pipe) {
        inode_put(inode);
        return NULL;
    }
    return inode;
}

/* One end; takes a reference to the inode. */
static struct file *pipe_end_create(struct inode *inode, unsigned flags)
{
    struct file *file = file_create(inode, &pipe_ops, flags);

    if (!file)
        return NULL;
    inode_ref(inode);
    mutex_lock(&inode->lock);
    pipe_join(inode->pipe, file);
    mutex_unlock(&inode->lock);
    return file;
}

int pipe_create(struct file **read_end, struct file **write_end, unsigned flags)
{
    struct inode *inode;
    struct pipe *pipe;

    if (flags & ~(unsigned)O_NONBLOCK)
        return -EINVAL;
    inode = pipe_inode_create();
    if (!inode)
        return -ENOMEM;
    pipe = inode->pipe;
    *read_end = pipe_end_create(inode, flags | O_RDONLY);
    *write_end = *read_end ? pipe_end_create(inode, flags | O_WRONLY) : NULL;
    if (!*read_end)
        pipe_free(pipe);
    else if (!*write_end)
        file_put(*read_end);
    inode_put(inode);
    return *write_end ? 0 : -ENOMEM;
}

static struct pipe *file_pipe(struct file *file)
{
    return file->ops == &pipe_ops ? file->private : NULL;
}

int64_t pipe_get_size(struct file *file)
{
    return file_pipe(file) ? (int64_t)PIPE_SIZE : -EBADF;
}

int64_t pipe_set_size(struct file *file, uint64_t size)
{
    if (!file_pipe(file))
        return -EBADF;
    if (size == 0)
        return -EINVAL;
    return size > PIPE_SIZE ? -EPERM : (int64_t)PIPE_SIZE;
}

void pipe_check(struct file *file)
{
    struct pipe *pipe = file_pipe(file);
    uint64_t pos;

    assert(pipe && pipe->users > 0);
    mutex_lock(&pipe->lock);
    assert(pipe->count <= PIPE_SIZE);
    for (pos = ALIGN_DOWN(pipe->head, PAGE_SIZE); pos < pipe->head + pipe->count; pos += PAGE_SIZE)
        assert(pipe->slot[pos / PAGE_SIZE % SLOTS]);
    mutex_unlock(&pipe->lock);
}
