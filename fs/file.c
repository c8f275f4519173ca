/*
 * Open files: see fs/file.h. Here is the one dispatcher that knows what a NULL member of file_ops
 * means; the kinds (ext2's files, pipes, the terminal …) implement the members.
 *
 * An open file holds a reference to its name and its inode. It is also the page source that mmap
 * maps: a mapping holds a reference to the file.
 *
 * The file's own position is used by one call at a time (pos_lock); pread and pwrite do not take
 * that lock, nor do files without positions.
 *
 * Lock order: pos_lock, then inode->lock, then a page's lock bit.
 */
#include "fs/file.h"

#include "arch/uaccess.h"
#include "kernel/panic.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "mm/alloc/slab.h"
#include "sched/sched.h"

/* What open() leaves in file->flags: the rest is about opening only (Linux, do_dentry_open). */
#define FLAGS_DROPPED (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)
#define FLAGS_PATH    (O_PATH | O_DIRECTORY | O_NOFOLLOW) /* all that counts with O_PATH */

/* struct linux_dirent64 (getdents64(2)): inode number, offset of the next, length, type, name. */
#define DIRENT_OFF    8
#define DIRENT_RECLEN 16
#define DIRENT_TYPE   18
#define DIRENT_HEADER 19
#define DIRENTS_MAX   (32 * KIB) /* gathered at once; glibc asks for as much */

#define POLL_ALWAYS (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

static struct slab_cache *file_slab;

static struct file *source_file(struct page_source *source)
{
    return container_of(source, struct file, source);
}

static void file_source_get(struct page_source *source)
{
    file_get(source_file(source));
}

static void file_source_put(struct page_source *source)
{
    file_put(source_file(source));
}

static size_t file_source_name(struct page_source *source, char *buf, size_t size)
{
    struct file *file = source_file(source);
    ssize_t len = file->dentry ? dentry_path(file->dentry, NULL, buf, size) : 0;

    return len < 0 ? 0 : (size_t)len;
}

static uint64_t file_source_size(struct page_source *source)
{
    return source_file(source)->inode->size;
}

static const struct page_source_ops file_source_ops = {
    .get = file_source_get,
    .put = file_source_put,
    .name = file_source_name,
    .size = file_source_size,
};

/* The functions of a file that was opened with O_PATH: it only names a place. */
static const struct file_ops path_only_ops = {.no_seek = true};

/* A file with one reference that holds none yet to what it opens; NULL: memory is short. */
static struct file *file_alloc(struct inode *inode, const struct file_ops *ops, unsigned flags)
{
    struct file *file = slab_alloc(file_slab, ALLOC_ZERO);
    unsigned access = flags & O_ACCMODE;

    if (!file)
        return NULL;
    file->ops = ops;
    file->inode = inode;
    file->refs = 1;
    file->flags = flags & ~FLAGS_DROPPED;
    mutex_init(&file->pos_lock);
    file->source = (struct page_source){
        .ops = &file_source_ops,
        .cache = S_ISREG(inode->mode) && inode->cache.ops ? &inode->cache : NULL,
        .dev = inode->sb->dev,
        .ino = inode->ino,
        .may_read = access == O_RDONLY || access == O_RDWR,
        .may_write = access == O_WRONLY || access == O_RDWR,
    };
    return file;
}

/* MAY_* that opening with these flags asks for. */
static unsigned open_mask(unsigned flags)
{
    static const unsigned by_access[] = {
        [O_RDONLY] = MAY_READ,
        [O_WRONLY] = MAY_WRITE,
        [O_RDWR] = MAY_READ | MAY_WRITE,
        [O_ACCMODE] = MAY_READ | MAY_WRITE, /* open(2): for ioctl only, both are checked */
    };

    return by_access[flags & O_ACCMODE] | (flags & O_TRUNC ? MAY_WRITE : 0);
}

/* Whether the inode may be opened so; O_PATH is not among the flags. */
static int open_check(struct inode *inode, unsigned flags)
{
    unsigned mask = open_mask(flags);

    if (S_ISLNK(inode->mode))
        return -ELOOP;
    if (S_ISDIR(inode->mode) && (mask & MAY_WRITE))
        return -EISDIR;
    if (!inode->file_ops)
        return -ENXIO;
    return inode_permission(inode, mask);
}

static struct file *file_open_path_only(struct dentry *dentry, unsigned flags)
{
    struct file *file = file_alloc(dentry->inode, &path_only_ops, flags & FLAGS_PATH);

    if (!file)
        return ERR_PTR(-ENOMEM);
    file->source.cache = NULL;
    file->source.may_read = false;
    dentry_get(dentry);
    inode_ref(dentry->inode);
    file->dentry = dentry;
    return file;
}

/* Opens what may be opened so. */
static struct file *file_open_checked(struct dentry *dentry, unsigned flags)
{
    struct inode *inode = dentry->inode;
    struct file *file;
    int error;

    file = file_alloc(inode, inode->file_ops, flags);
    if (!file)
        return ERR_PTR(-ENOMEM);
    dentry_get(dentry);
    inode_ref(inode);
    file->dentry = dentry;
    file->flags |= flags & O_NOCTTY; /* a terminal's open looks at it */
    error = file->ops->open ? file->ops->open(file) : 0;
    file->flags &= ~(unsigned)O_NOCTTY;
    if (!error)
        return file;
    dentry_put(dentry);
    inode_put(inode);
    slab_free(file_slab, file);
    return ERR_PTR(error);
}

struct file *file_open(struct dentry *dentry, unsigned flags)
{
    struct inode *inode = dentry->inode;
    int error;

    if ((flags & O_DIRECTORY) && !S_ISDIR(inode->mode))
        return ERR_PTR(-ENOTDIR);
    if (flags & O_PATH)
        return file_open_path_only(dentry, flags);
    error = open_check(inode, flags);
    return error ? ERR_PTR(error) : file_open_checked(dentry, flags);
}

struct file *file_open_new(struct dentry *dentry, unsigned flags)
{
    return file_open_checked(dentry, flags);
}

struct file *file_open_exec(struct dentry *dentry)
{
    struct inode *inode = dentry->inode;
    int error;

    if (!S_ISREG(inode->mode) || !inode->file_ops)
        return ERR_PTR(-EACCES);
    error = inode_permission(inode, MAY_EXEC);
    return error ? ERR_PTR(error) : file_open_checked(dentry, O_RDONLY);
}

struct file *file_create(struct inode *inode, const struct file_ops *ops, unsigned flags)
{
    return file_alloc(inode, ops, flags);
}

void file_put(struct file *file)
{
    assert(file->refs > 0);
    if (--file->refs > 0)
        return;
    if (file->ops->release)
        file->ops->release(file);
    if (file->dentry)
        dentry_put(file->dentry);
    inode_put(file->inode);
    slab_free(file_slab, file);
}

typedef ssize_t file_transfer_fn(struct file *file, struct uio *uio, uint64_t *pos);

/* Calls a read or write function at the right position. */
static ssize_t file_transfer(struct file *file, struct uio *uio, uint64_t *pos,
                             file_transfer_fn *fn)
{
    uint64_t none = 0;
    ssize_t n;

    if (!fn)
        return S_ISDIR(file->inode->mode) ? -EISDIR : -EINVAL;
    if (file->ops->no_seek)
        return pos ? -ESPIPE : fn(file, uio, &none);
    if (pos)
        return *pos > FILE_POS_MAX ? -EINVAL : fn(file, uio, pos);
    mutex_lock(&file->pos_lock);
    n = fn(file, uio, &file->pos);
    mutex_unlock(&file->pos_lock);
    return n;
}

ssize_t file_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    if (!file->source.may_read)
        return -EBADF;
    return file_transfer(file, uio, pos, file->ops->read);
}

ssize_t file_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    if (!file->source.may_write)
        return -EBADF;
    return file_transfer(file, uio, pos, file->ops->write);
}

ssize_t file_read_kernel(struct file *file, void *buf, size_t n, uint64_t pos)
{
    struct iovec iov;
    struct uio uio;
    size_t done = 0;

    while (done < n) {
        ssize_t part;

        uio_init_kernel(&uio, &iov, (char *)buf + done, n - done);
        part = file_transfer(file, &uio, &pos, file->ops->read);
        if (part < 0)
            return part;
        if (part == 0)
            break;
        done += (size_t)part;
    }
    return (ssize_t)done;
}

/* Copies from the page at *pos; bytes copied, 0 when there is no more, or -errno. */
static ssize_t read_page(struct file *file, struct uio *uio, uint64_t *pos,
                         struct page_cache *cache, uint64_t size)
{
    size_t offset = *pos & ~PAGE_MASK, n, moved;
    struct page *page;

    if (*pos >= size || uio->left == 0)
        return 0;
    n = MIN(MIN(PAGE_SIZE - offset, size - *pos), uio->left);
    page =
        page_cache_read_ahead(cache, *pos >> PAGE_SHIFT, DIV_ROUND_UP(size, PAGE_SIZE), &file->ra);
    if (IS_ERR(page))
        return PTR_ERR(page);
    moved = uio_put(uio, (char *)page_address(page) + offset, n);
    page_put(page);
    *pos += moved;
    return moved == 0 ? -EFAULT : (ssize_t)moved;
}

ssize_t file_read_pages(struct file *file, struct uio *uio, uint64_t *pos, struct page_cache *cache,
                        uint64_t size)
{
    size_t done = 0;
    ssize_t n;

    while ((n = read_page(file, uio, pos, cache, size)) > 0) {
        done += (size_t)n;
        sched_relax();
    }
    return done > 0 ? (ssize_t)done : n;
}

ssize_t file_read_cached(struct file *file, struct uio *uio, uint64_t *pos)
{
    return file_read_pages(file, uio, pos, &file->inode->cache, file->inode->size);
}

/* The position that SEEK_DATA and SEEK_HOLE give: all is data, and the hole is at the end. */
static int64_t seek_hole(struct file *file, int64_t offset, int whence)
{
    int64_t size = (int64_t)file->inode->size;

    if (offset < 0 || offset >= size)
        return -ENXIO;
    return whence == SEEK_DATA ? offset : size;
}

int64_t file_seek_within(const struct file *file, int64_t offset, int whence, uint64_t size)
{
    int64_t base, target;

    switch (whence) {
    case SEEK_SET:
        base = 0;
        break;
    case SEEK_CUR:
        base = (int64_t)file->pos;
        break;
    case SEEK_END:
        base = (int64_t)size;
        break;
    default:
        return -EINVAL;
    }
    if (__builtin_add_overflow(base, offset, &target) || target < 0)
        return -EINVAL;
    return target;
}

static int64_t seek_target(struct file *file, int64_t offset, int whence)
{
    if (whence == SEEK_DATA || whence == SEEK_HOLE)
        return seek_hole(file, offset, whence);
    return file_seek_within(file, offset, whence, file->inode->size);
}

int64_t file_seek(struct file *file, int64_t offset, int whence)
{
    int64_t target;

    if (file->flags & O_PATH)
        return -EBADF;
    if (file->ops->no_seek)
        return -ESPIPE;
    mutex_lock(&file->pos_lock);
    if (file->ops->seek)
        target = file->ops->seek(file, offset, whence);
    else
        target = seek_target(file, offset, whence);
    if (target >= 0)
        file->pos = (uint64_t)target;
    mutex_unlock(&file->pos_lock);
    return target;
}

static int64_t ioctl_set_nonblock(struct file *file, vaddr_t arg)
{
    int on;

    if (copy_from_user(&on, arg, sizeof(on)))
        return -EFAULT;
    if (on)
        file->flags |= O_NONBLOCK;
    else
        file->flags &= ~(unsigned)O_NONBLOCK;
    return 0;
}

static int64_t ioctl_unread(struct file *file, vaddr_t arg)
{
    int64_t left = (int64_t)file->inode->size - (int64_t)file->pos;
    int value = (int)MIN(MAX(left, (int64_t)0), (int64_t)INT32_MAX);

    return copy_to_user(arg, &value, sizeof(value)) ? -EFAULT : 0;
}

int64_t file_ioctl(struct file *file, unsigned cmd, uint64_t arg)
{
    if (file->flags & O_PATH)
        return -EBADF;
    if (cmd == FIONBIO)
        return ioctl_set_nonblock(file, arg);
    if (cmd == FIONREAD && S_ISREG(file->inode->mode))
        return ioctl_unread(file, arg);
    return file->ops->ioctl ? file->ops->ioctl(file, cmd, arg) : -ENOTTY;
}

uint32_t file_poll(struct file *file, struct poll_table *table)
{
    if (file->flags & O_PATH)
        return POLLNVAL;
    return file->ops->poll ? file->ops->poll(file, table) : POLL_ALWAYS;
}

/* Where getdents gathers entries. */
struct dirent_buffer {
    struct dir_emit emit;
    char *buf;
    size_t size, used;
    bool refused; /* an entry did not fit */
};

static bool dirent_emit(struct dir_emit *emit, const struct dir_entry *entry)
{
    struct dirent_buffer *out = container_of(emit, struct dirent_buffer, emit);
    size_t size = ALIGN_UP(DIRENT_HEADER + entry->len + 1, sizeof(uint64_t));
    char *at = out->buf + out->used;

    if (size > out->size - out->used) {
        out->refused = true;
        return false;
    }
    memset(at, 0, size);
    put_le64(at, entry->ino);
    put_le64(at + DIRENT_OFF, entry->next_pos);
    put_le16(at + DIRENT_RECLEN, (uint16_t)size);
    at[DIRENT_TYPE] = (char)entry->type;
    memcpy(at + DIRENT_HEADER, entry->name, entry->len);
    out->used += size;
    return true;
}

/* Gathers entries from the file's position on and copies them out; pos_lock is held. */
static ssize_t getdents_locked(struct file *file, struct dirent_buffer *out, vaddr_t buf)
{
    uint64_t pos = file->pos;
    int error = file->ops->readdir(file, &out->emit, &pos);

    if (out->used == 0)
        return error ? error : out->refused ? -EINVAL : 0;
    if (copy_to_user(buf, out->buf, out->used))
        return -EFAULT;
    file->pos = pos;
    return (ssize_t)out->used;
}

ssize_t file_getdents(struct file *file, vaddr_t buf, size_t size)
{
    struct dirent_buffer out = {.emit.emit = dirent_emit, .size = MIN(size, DIRENTS_MAX)};
    ssize_t n;

    if (file->flags & O_PATH)
        return -EBADF;
    if (!file->ops->readdir)
        return -ENOTDIR;
    if (!user_range_ok(buf, size))
        return -EFAULT;
    out.buf = kmalloc(MAX(out.size, (size_t)1), 0);
    if (!out.buf)
        return -ENOMEM;
    mutex_lock(&file->pos_lock);
    n = getdents_locked(file, &out, buf);
    mutex_unlock(&file->pos_lock);
    kmfree(out.buf);
    return n;
}

void file_init(void)
{
    file_slab = slab_cache_create("file", sizeof(struct file), 0, NULL);
    if (!file_slab)
        panic("no memory for open files");
}
