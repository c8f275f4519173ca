/*
 * Block devices as files. The cache belongs to the device, not to an inode, so it outlives the
 * nodes that lead to it and all of them see the same pages. It is apart from what a mounted file
 * system caches of the disk; as long as nothing is written both are right.
 *
 * stat's size is 0, as on Linux: lseek(SEEK_END) and BLKGETSIZE64 know the real one. Bytes of the
 * last page past the device's end read as zeroes and are never given to users.
 */
#include "fs/block_file.h"

#include "arch/uaccess.h"
#include "fs/page_io.h"
#include "lib/errno.h"
#include "lib/page_ops.h"
#include "mm/alloc/kmalloc.h"

/* Linux, include/uapi/linux/fs.h. */
#define BLKGETSIZE   0x1260
#define BLKSSZGET    0x1268
#define BLKGETSIZE64 0x80081272

struct block_file {
    struct block_device *dev; /* (i) */
    struct page_cache cache;
};

static uint64_t device_size(const struct block_file *disk)
{
    return disk->dev->sectors << SECTOR_SHIFT;
}

static void tail_done(struct block_request *req, int error)
{
    page_read_done(phys_to_page(req->segment[0].addr), error);
    kmfree(req);
}

/* Reads the page that the device's end cuts: what there is of it. */
static void read_tail(struct block_file *disk, struct page *page)
{
    struct block_request *req = kmalloc(sizeof(*req), ALLOC_ZERO);
    uint64_t start = page->index << PAGE_SHIFT;

    if (!req) {
        page_read_done(page, -ENOMEM);
        return;
    }
    page_clear(page_address(page));
    req->op = BLOCK_READ;
    req->sector = start >> SECTOR_SHIFT;
    req->segment_count = 1;
    req->segment[0] =
        (struct block_segment){page_to_phys(page), (uint32_t)(device_size(disk) - start)};
    req->done = tail_done;
    block_submit(disk->dev, req);
}

static void disk_read_pages(struct page_cache *cache, struct page **pages, size_t count)
{
    struct block_file *disk = cache->owner;
    pgoff_t first = pages[0]->index, whole = device_size(disk) >> PAGE_SHIFT;
    size_t n = first < whole ? MIN(count, whole - first) : 0;

    if (n > 0)
        page_io_read(disk->dev, first << (PAGE_SHIFT - SECTOR_SHIFT), pages, n);
    for (; n < count; n++)
        read_tail(disk, pages[n]);
}

static const struct page_cache_ops disk_cache_ops = {.read_pages = disk_read_pages};

struct block_file *block_file_create(struct block_device *dev)
{
    struct block_file *disk = kmalloc(sizeof(*disk), ALLOC_ZERO);

    if (!disk)
        return NULL;
    disk->dev = dev;
    page_cache_init(&disk->cache, &disk_cache_ops, disk);
    return disk;
}

static int disk_open(struct file *file)
{
    return file->source.may_write ? -EROFS : 0;
}

static ssize_t disk_read(struct file *file, struct uio *uio, uint64_t *pos)
{
    struct block_file *disk = file->private;

    return file_read_pages(file, uio, pos, &disk->cache, device_size(disk));
}

static int64_t disk_seek(struct file *file, int64_t offset, int whence)
{
    return file_seek_within(file, offset, whence, device_size(file->private));
}

static int64_t disk_ioctl(struct file *file, unsigned cmd, uint64_t arg)
{
    struct block_file *disk = file->private;
    uint64_t sectors = disk->dev->sectors, size = device_size(disk);
    int sector_size = SECTOR_SIZE;

    switch (cmd) {
    case BLKGETSIZE:
        return copy_to_user(arg, &sectors, sizeof(sectors)) ? -EFAULT : 0;
    case BLKGETSIZE64:
        return copy_to_user(arg, &size, sizeof(size)) ? -EFAULT : 0;
    case BLKSSZGET:
        return copy_to_user(arg, &sector_size, sizeof(sector_size)) ? -EFAULT : 0;
    default:
        return -ENOTTY;
    }
}

const struct file_ops block_file_ops = {
    .open = disk_open,
    .read = disk_read,
    .seek = disk_seek,
    .ioctl = disk_ioctl,
};
