/*
 * Open files: a position in an inode, shared by all descriptors that dup and fork made of it.
 * A kind of file is a table of functions; a member that is NULL means what file.c says beside each.
 *
 * Locks: file->pos_lock (mutex) while a call uses the position.
 */
#pragma once

#include "fs/dentry.h"
#include "fs/uio.h"
#include "mm/page_source.h"
#include "mm/readahead.h"

struct file;

/* Linux, include/uapi/asm-generic/fcntl.h. */
#define O_ACCMODE   00000003
#define O_RDONLY    00000000
#define O_WRONLY    00000001
#define O_RDWR      00000002
#define O_CREAT     00000100
#define O_EXCL      00000200
#define O_NOCTTY    00000400
#define O_TRUNC     00001000
#define O_APPEND    00002000
#define O_NONBLOCK  00004000
#define O_DSYNC     00010000
#define O_DIRECT    00040000
#define O_LARGEFILE 00100000
#define O_DIRECTORY 00200000
#define O_NOFOLLOW  00400000
#define O_NOATIME   01000000
#define O_CLOEXEC   02000000
#define O_SYNC      04010000
#define O_PATH      010000000
#define O_TMPFILE   020200000

/* whence of lseek(2). */
#define SEEK_SET  0
#define SEEK_CUR  1
#define SEEK_END  2
#define SEEK_DATA 3
#define SEEK_HOLE 4

/* Linux, include/uapi/asm-generic/ioctls.h. */
#define FIONREAD 0x541b
#define FIONBIO  0x5421

#define FILE_POS_MAX INT64_MAX /* off_t is signed */

/* Linux, include/uapi/asm-generic/poll.h. */
#define POLLIN     0x0001
#define POLLPRI    0x0002
#define POLLOUT    0x0004
#define POLLERR    0x0008
#define POLLHUP    0x0010
#define POLLNVAL   0x0020
#define POLLRDNORM 0x0040
#define POLLWRNORM 0x0100
#define POLLRDHUP  0x2000

/* Collects the wait queues that a poll has to sleep on; NULL: only look. */
struct poll_table {
    /* Adds a queue; the entry lives in the caller's table. */
    void (*add)(struct poll_table *table, struct wait_queue *queue);
};

static inline void poll_table_join(struct poll_table *table, struct wait_queue *queue)
{
    if (table)
        table->add(table, queue);
}

/* One directory entry. */
struct dir_entry {
    const char *name; /* not terminated */
    size_t len;
    uint64_t ino;
    unsigned type;     /* DT_* */
    uint64_t next_pos; /* where the entry after it is */
};

/* Who asked for the entries: false when there is no room for this one. */
struct dir_emit {
    bool (*emit)(struct dir_emit *emit, const struct dir_entry *entry);
};

/* d_type values (readdir(3)). */
#define DT_UNKNOWN 0
#define DT_FIFO    1
#define DT_CHR     2
#define DT_DIR     4
#define DT_BLK     6
#define DT_REG     8
#define DT_LNK     10
#define DT_SOCK    12

struct file_ops {
    /* Further set-up at open; NULL: none. May change file->ops and file->private. */
    int (*open)(struct file *file);
    /* The last reference is gone. NULL: nothing to do. */
    void (*release)(struct file *file);
    /* Bytes moved, or -errno; *pos is moved on by what was moved. NULL: -EINVAL (-EISDIR: dirs). */
    ssize_t (*read)(struct file *file, struct uio *uio, uint64_t *pos);
    ssize_t (*write)(struct file *file, struct uio *uio, uint64_t *pos);
    /* Events that hold now; joins queues by table (may be NULL). NULL: always POLLIN|POLLOUT. */
    uint32_t (*poll)(struct file *file, struct poll_table *table);
    /* ioctl(2); NULL: -ENOTTY. arg is a user address or a number. */
    int64_t (*ioctl)(struct file *file, unsigned cmd, uint64_t arg);
    /* Emits entries from *pos on (0: the start; otherwise what an earlier emit named); dirs only.
     */
    int (*readdir)(struct file *file, struct dir_emit *emit, uint64_t *pos);
    /* The position that lseek gets; NULL: by size for files with pages, -ESPIPE with no_seek. */
    int64_t (*seek)(struct file *file, int64_t offset, int whence);
    bool no_seek;     /* pipes, ttys: no position, pread is -ESPIPE */
    bool maps_zeroes; /* mmap of it gives anonymous memory: /dev/zero */
};

struct file {
    struct page_source source; /* what mmap of this file maps */
    const struct file_ops *ops;
    struct dentry *dentry; /* (i) a reference; NULL: no name (pipes) */
    struct inode *inode;   /* (i) a reference */
    _Atomic uint32_t refs;
    _Atomic uint32_t flags; /* O_* without O_CREAT etc.; F_SETFL changes some */
    struct mutex pos_lock;
    uint64_t pos;        /* under pos_lock */
    struct readahead ra; /* a hint, unlocked */
    uint64_t cookie;     /* (i) the kind's own number, set at open */
    void *private;       /* (i) the kind's own, set at open */
};

/*
 * Opens what dentry names (takes its own reference): a file with one reference, or ERR_PTR.
 * Permission is checked here. O_CREAT and O_TRUNC are the caller's business. Sleeps (a FIFO: until
 * the other end is open).
 *
 * Errors: open(2)'s: -EACCES, -EROFS, -EISDIR, -ENOTDIR, -ELOOP (a symbolic link, which the caller
 * did not follow, and no O_PATH), -ENXIO (nothing behind a device node or socket), -EINTR, -ENOMEM.
 */
struct file *file_open(struct dentry *dentry, unsigned flags);

/* The same for a file that was just made: its permissions do not count. */
struct file *file_open_new(struct dentry *dentry, unsigned flags);

/*
 * Opens a program for execve: a regular file that may be executed, whether or not it may be read;
 * else -EACCES.
 */
struct file *file_open_exec(struct dentry *dentry);

/*
 * A file on an inode without a name (pipes): one reference, or NULL. The inode's reference is taken
 * over on success. ops->open is not called.
 */
struct file *file_create(struct inode *inode, const struct file_ops *ops, unsigned flags);

static inline void file_get(struct file *file)
{
    file->refs++;
}

/* Gives a reference back; the last one closes. May sleep. */
void file_put(struct file *file);

/*
 * read, write at the file's own position, or at *pos when pos is not NULL (pread, pwrite): bytes
 * moved, or -EBADF (not open for it), -EISDIR, -EINVAL, -ESPIPE, -EFAULT, -EIO, -EINTR, -EAGAIN …
 */
ssize_t file_read(struct file *file, struct uio *uio, uint64_t *pos);
ssize_t file_write(struct file *file, struct uio *uio, uint64_t *pos);

/*
 * Reads n bytes at pos into kernel memory: bytes read (fewer only at the end), or -errno. Does not
 * ask whether the file was opened for reading (execve needs no read permission).
 */
ssize_t file_read_kernel(struct file *file, void *buf, size_t n, uint64_t pos);

/* lseek(2): the new position, or -EINVAL, -ENXIO, -ESPIPE, -EBADF. */
int64_t file_seek(struct file *file, int64_t offset, int whence);

/* ioctl(2); FIONBIO and, for regular files, FIONREAD are answered here. -ENOTTY: no such request.
 */
int64_t file_ioctl(struct file *file, unsigned cmd, uint64_t arg);

/* The POLL* events that hold now; joins the file's queues by table unless that is NULL. */
uint32_t file_poll(struct file *file, struct poll_table *table);

/* getdents64: fills the user buffer; bytes, 0 at the end, -EINVAL when one entry does not fit. */
ssize_t file_getdents(struct file *file, vaddr_t buf, size_t size);

/*
 * Reading a file that has pages, through its page cache: for file_ops.read. The page is held by a
 * reference only while it is copied, so a fault on the user's side may sleep.
 */
ssize_t file_read_cached(struct file *file, struct uio *uio, uint64_t *pos);

/* The same from any cache, of an object of size bytes: for kinds whose pages are not the inode's.
 */
ssize_t file_read_pages(struct file *file, struct uio *uio, uint64_t *pos, struct page_cache *cache,
                        uint64_t size);

/*
 * For file_ops.seek: the position that SEEK_SET, SEEK_CUR or SEEK_END means in an object of size
 * bytes; -EINVAL for another whence and for positions below 0. file->pos_lock is held.
 */
int64_t file_seek_within(const struct file *file, int64_t offset, int whence, uint64_t size);

/* Once, at boot. */
void file_init(void);
