/*
 * Content of tmpfs files: see fs/tmpfs_data.h. A page comes to be when it is written to or mapped,
 * and is counted against the volume's limit as long as it is in the cache. It is marked dirty when
 * it is written, and since nothing writes it anywhere, reclaim leaves it alone. A page that only
 * was mapped and read is zeroes, and may go.
 *
 * A read of a hole makes no page. Bytes past the end of the file in its last page are made zero
 * whenever the size changes, so what was stored there through a mapping is never seen.
 *
 * Locks: inode->lock for whoever changes size or content by write or truncate; while it is held the
 * user's side may fault, and another file be read.
 */
#include "fs/tmpfs_data.h"

#include <stdatomic.h>

#include "fs/attr.h"
#include "fs/tmpfs_volume.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/truncate.h"
#include "sched/sched.h"
#include "sched/task.h"

static struct tmpfs_volume *cache_volume(const struct page_cache *cache)
{
    const struct inode *inode = cache->owner;

    return tmpfs_volume(inode->sb);
}

static bool data_charge(struct page_cache *cache)
{
    struct tmpfs_volume *volume = cache_volume(cache);

    if (++volume->pages <= volume->page_limit)
        return true;
    volume->pages--;
    return false;
}

static void data_uncharge(struct page_cache *cache)
{
    struct tmpfs_volume *volume = cache_volume(cache);

    assert(volume->pages > 0);
    volume->pages--;
}

const struct page_cache_ops tmpfs_cache_ops = {
    .charge = data_charge,
    .uncharge = data_uncharge,
};

/* Copies out of the page at *pos, or zeroes where there is none: as read_page() in fs/file.c. */
static ssize_t read_page(struct inode *inode, struct uio *uio, uint64_t *pos)
{
    size_t offset = *pos & ~PAGE_MASK, n, moved;
    uint64_t size = inode->size;
    struct page *page;

    if (*pos >= size || uio->left == 0)
        return 0;
    n = MIN(MIN(PAGE_SIZE - offset, size - *pos), uio->left);
    page = page_cache_find(&inode->cache, *pos >> PAGE_SHIFT);
    if (page) {
        moved = uio_put(uio, (char *)page_address(page) + offset, n);
        page_put(page);
    } else {
        moved = uio_put_zeroes(uio, n);
    }
    *pos += moved;
    return moved == 0 ? -EFAULT : (ssize_t)moved;
}

static ssize_t data_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct inode *inode = file->inode;
    size_t done = 0;
    ssize_t n;

    while ((n = read_page(inode, uio, pos)) > 0) {
        done += (size_t)n;
        sched_relax();
    }
    return done > 0 ? (ssize_t)done : n;
}

/* Makes what the last page holds past the end zero; inode->lock is held. */
static void zero_tail(struct inode *inode, uint64_t size)
{
    size_t offset = size & ~PAGE_MASK;
    struct page *page = offset ? page_cache_find(&inode->cache, size >> PAGE_SHIFT) : NULL;

    if (!page)
        return;
    memset((char *)page_address(page) + offset, 0, PAGE_SIZE - offset);
    page_put(page);
}

void tmpfs_resize(struct inode *inode, uint64_t size)
{
    uint64_t old = inode->size;

    assert(mutex_held(&inode->lock));
    zero_tail(inode, MIN(old, size));
    inode->size = size;
    if (size < old)
        cache_cut(&inode->cache, DIV_ROUND_UP(size, PAGE_SIZE));
    inode->mtime = attr_now();
    inode->ctime = inode->mtime;
}

/* Copies into the page at *pos: bytes, 0 when there are no more, or -errno. */
static ssize_t write_page(struct inode *inode, struct uio *uio, uint64_t *pos)
{
    size_t offset = *pos & ~PAGE_MASK, n, moved;
    pgoff_t index = *pos >> PAGE_SHIFT;
    struct page *page;

    if (uio->left == 0)
        return 0;
    if (*pos >= FILE_POS_MAX)
        return -EFBIG;
    n = MIN(MIN(PAGE_SIZE - offset, uio->left), FILE_POS_MAX - *pos);
    page = page_cache_read(&inode->cache, index, index + 1, 0);
    if (IS_ERR(page))
        return PTR_ERR(page);
    page_set_dirty(page);
    moved = uio_get(uio, (char *)page_address(page) + offset, n);
    page_put(page);
    *pos += moved;
    if (*pos > inode->size)
        inode->size = *pos;
    return moved == 0 ? -EFAULT : (ssize_t)moved;
}

/* What a successful write does to the attributes: write(2), "set-user-ID". */
static void note_write(struct inode *inode)
{
    inode->mtime = attr_now();
    inode->ctime = inode->mtime;
    if (current_task()->process->cred.fsuid != 0)
        inode->mode &= ~(mode_t)(inode->mode & 0010 ? S_ISUID | S_ISGID : S_ISUID);
}

static ssize_t data_write(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct inode *inode = file->inode;
    size_t done = 0;
    ssize_t n;

    mutex_lock(&inode->lock);
    if (file->flags & O_APPEND)
        *pos = inode->size;
    if (*pos > inode->size && uio->left > 0)
        zero_tail(inode, inode->size); /* it becomes part of a hole */
    while ((n = write_page(inode, uio, pos)) > 0) {
        done += (size_t)n;
        sched_relax();
    }
    if (done > 0)
        note_write(inode);
    mutex_unlock(&inode->lock);
    return done > 0 ? (ssize_t)done : n;
}

const struct file_ops tmpfs_file_ops = {
    .read = data_read,
    .write = data_write,
};
