/*
 * Inodes: see fs/ext2/inode.h.
 *
 * An inode on the disk is hostile: its type must be one there is, its size one that the block map
 * can reach (directories: whole blocks, no more than the disk has; links: at most one block). What
 * passes gets the functions of its kind from the table below.
 */
#include "fs/ext2/inode.h"

#include "fs/device.h"
#include "fs/ext2/data.h"
#include "fs/ext2/dir.h"
#include "fs/ext2/symlink.h"
#include "fs/ext2/volume.h"
#include "fs/pipe.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

static void ext2_evict(struct inode *inode)
{
    kmfree(inode->private);
}

static const struct inode_ops plain_inode_ops = {.evict = ext2_evict};
static const struct inode_ops dir_inode_ops = {.lookup = ext2_dir_lookup, .evict = ext2_evict};
static const struct inode_ops symlink_inode_ops = {
    .readlink = ext2_symlink_read,
    .evict = ext2_evict,
};
static const struct file_ops regular_file_ops = {.read = file_read_cached};
static const struct file_ops dir_file_ops = {.readdir = ext2_dir_readdir};

static const struct ext2_kind {
    mode_t type;
    const struct inode_ops *ops;
    const struct file_ops *file_ops;
    bool pages; /* its content is in blocks */
} kinds[] = {
    {S_IFREG, &plain_inode_ops, &regular_file_ops, true},
    {S_IFDIR, &dir_inode_ops, &dir_file_ops, true},
    {S_IFLNK, &symlink_inode_ops, NULL, true},
    {S_IFCHR, &plain_inode_ops, &device_node_ops, false},
    {S_IFBLK, &plain_inode_ops, &device_node_ops, false},
    {S_IFIFO, &plain_inode_ops, &fifo_ops, false},
    {S_IFSOCK, &plain_inode_ops, NULL, false},
};

static const struct ext2_kind *kind_find(mode_t mode)
{
    size_t i;

    for (i = 0; i < ARRAY_SIZE(kinds); i++)
        if (kinds[i].type == (mode & S_IFMT))
            return &kinds[i];
    return NULL;
}

/* Whether a file of this type may have this size. */
static bool size_valid(const struct ext2_volume *volume, mode_t mode, uint64_t size)
{
    if (S_ISDIR(mode))
        return size > 0 && size % EXT2_BLOCK_SIZE == 0 &&
               size / EXT2_BLOCK_SIZE <= volume->blocks_count;
    if (S_ISLNK(mode))
        return size > 0 && size < EXT2_BLOCK_SIZE;
    return size <= EXT2_SIZE_MAX;
}

static uint64_t disk_size(const struct ext2_disk_inode *disk)
{
    return disk->size | (S_ISREG(disk->mode) ? (uint64_t)disk->size_high << 32 : 0);
}

static int check_inode(struct inode *inode, const struct ext2_disk_inode *disk)
{
    struct ext2_volume *volume = ext2_volume(inode->sb);
    unsigned long ino = inode->ino;

    if (!kind_find(disk->mode))
        return ext2_corrupt(volume, "inode %lu: no such type of file (mode %o)", ino, disk->mode);
    if (disk->links_count == 0)
        return ext2_corrupt(volume, "inode %lu: in use, but deleted", ino);
    if (disk->flags & (EXT2_FLAG_EXTENTS | EXT2_FLAG_INLINE))
        return ext2_corrupt(volume, "inode %lu: no block map (flags 0x%x)", ino, disk->flags);
    if (!size_valid(volume, disk->mode, disk_size(disk)))
        return ext2_corrupt(volume, "inode %lu: absurd size (%lu)", ino,
                            (unsigned long)disk_size(disk));
    return 0;
}

/* The disk's two forms of device number: 8 and 8 bits, or Linux's newer 12 and 20. */
static uint64_t disk_device(const struct ext2_disk_inode *disk)
{
    uint32_t old = disk->block[0];

    return old ? device_number(old >> 8 & 0xff, old & 0xff)
               : device_number(device_major(disk->block[1]), device_minor(disk->block[1]));
}

static struct timespec64 disk_time(int32_t sec, uint32_t extra)
{
    return (struct timespec64){
        .sec = sec + ((int64_t)(extra & EXT2_EXTRA_EPOCH_MASK) << 32),
        .nsec = extra >> EXT2_EXTRA_NSEC_SHIFT,
    };
}

/* Whether the inode on disk has all fields up to `end` bytes from its start. */
static bool has_extra(const struct ext2_volume *volume, const struct ext2_disk_inode *disk,
                      size_t end)
{
    size_t extra = volume->inode_size > EXT2_OLD_INODE_SIZE ? disk->extra_size : 0;

    return volume->inode_size >= end && EXT2_OLD_INODE_SIZE + extra >= end;
}

static void take_times(struct inode *inode, const struct ext2_disk_inode *disk)
{
    const struct ext2_volume *volume = ext2_volume(inode->sb);
    bool nsec = has_extra(volume, disk, offsetof(struct ext2_disk_inode, btime));
    bool birth = has_extra(volume, disk, sizeof(*disk));

    inode->atime = disk_time(disk->atime, nsec ? disk->atime_extra : 0);
    inode->mtime = disk_time(disk->mtime, nsec ? disk->mtime_extra : 0);
    inode->ctime = disk_time(disk->ctime, nsec ? disk->ctime_extra : 0);
    if (birth)
        inode->btime = disk_time(disk->btime, disk->btime_extra);
}

static void take_inode(struct inode *inode, const struct ext2_disk_inode *disk)
{
    const struct ext2_kind *kind = kind_find(disk->mode);

    inode->mode = disk->mode;
    inode->nlink = disk->links_count;
    inode->uid = disk->uid | (uid_t)disk->uid_high << 16;
    inode->gid = disk->gid | (gid_t)disk->gid_high << 16;
    inode->size = disk_size(disk);
    inode->blocks = disk->blocks | (uint64_t)disk->blocks_high << 32;
    if (disk->flags & EXT2_FLAG_HUGE_FILE)
        inode->blocks *= EXT2_BLOCK_SIZE / SECTOR_SIZE;
    inode->block_size = EXT2_BLOCK_SIZE;
    if (S_ISCHR(disk->mode) || S_ISBLK(disk->mode))
        inode->rdev = disk_device(disk);
    take_times(inode, disk);
    inode->ops = kind->ops;
    inode->file_ops = kind->file_ops;
    if (kind->pages)
        page_cache_init(&inode->cache, &ext2_data_ops, inode);
}

/* The page that holds the inode's place in its table, and where it is in there. */
static struct page *inode_locate(struct inode *inode, size_t *offset)
{
    struct ext2_volume *volume = ext2_volume(inode->sb);
    uint32_t nr = (uint32_t)inode->ino - 1;
    uint32_t byte = nr % volume->inodes_per_group * volume->inode_size;

    *offset = byte % EXT2_BLOCK_SIZE;
    return block_cache_read(&volume->blocks, volume->inode_table[nr / volume->inodes_per_group] +
                                                 byte / EXT2_BLOCK_SIZE);
}

int ext2_inode_read(struct inode *inode)
{
    const struct ext2_disk_inode *disk;
    struct ext2_inode *info;
    struct page *page;
    size_t offset;
    int error;

    if (inode->ino == 0 || inode->ino > ext2_volume(inode->sb)->inodes_count)
        return -EUCLEAN;
    info = kmalloc(sizeof(*info), 0);
    if (!info)
        return -ENOMEM;
    page = inode_locate(inode, &offset);
    if (IS_ERR(page)) {
        kmfree(info);
        return (int)PTR_ERR(page);
    }
    disk = (const void *)((char *)page_address(page) + offset);
    error = check_inode(inode, disk);
    if (error) {
        kmfree(info);
    } else {
        memcpy(info->block, disk->block, sizeof(info->block));
        inode->private = info;
        take_inode(inode, disk);
    }
    page_put(page);
    return error;
}
