/*
 * ext2 as a kind of file system: mounting, statfs, unmounting. Source and promises: fs/super.h.
 *
 * The driver in layers, each calling only those below it:
 *
 *     super.c       mount, statfs, unmount
 *     inode.c       inode table -> struct inode, functions by type of file
 *     dir.c         lookup and readdir         symlink.c   targets of links
 *     data.c        pages of files             block_map.c where a file's blocks are
 *     volume.c      the superblock, checked; block numbers, complaints
 *
 * It reads. Writing comes with a journal; until then every mount is read-only, whatever was asked.
 */
#include "fs/super.h"

#include "fs/device.h"
#include "fs/device_number.h"
#include "fs/ext2/inode.h"
#include "fs/ext2/volume.h"
#include "lib/err.h"
#include "lib/errno.h"

static void ext2_statfs(struct super_block *sb, struct statfs_info *st)
{
    const struct ext2_volume *volume = ext2_volume(sb);

    *st = (struct statfs_info){
        .type = EXT2_MAGIC,
        .block_size = EXT2_BLOCK_SIZE,
        .blocks = volume->blocks_count - volume->overhead,
        .blocks_free = volume->free_blocks,
        .blocks_available = volume->free_blocks - volume->reserved_blocks,
        .files = volume->inodes_count,
        .files_free = volume->free_inodes,
        .name_max = NAME_MAX,
    };
}

static void ext2_unmount(struct super_block *sb)
{
    if (sb->root)
        inode_put(sb->root);
    if (inode_purge(sb) == 0)
        ext2_volume_close(ext2_volume(sb));
}

static const struct super_ops ext2_super_ops = {
    .read_inode = ext2_inode_read,
    .statfs = ext2_statfs,
    .unmount = ext2_unmount,
};

/* The number by which stat names a disk's files, as its node in /dev has it. */
static uint64_t disk_number(const struct block_device *dev)
{
    unsigned index = 0;
    struct block_device *other;

    while ((other = block_get(index)) && other != dev)
        index++;
    return device_number(BLOCK_MAJOR, index * BLOCK_MINORS_EACH);
}

static int take_root(struct ext2_volume *volume)
{
    struct inode *root = inode_get(&volume->sb, EXT2_ROOT_INO);

    if (IS_ERR(root))
        return (int)PTR_ERR(root);
    volume->sb.root = root;
    if (!S_ISDIR(root->mode))
        return ext2_corrupt(volume, "refused: the root is no directory (mode %o)", root->mode);
    return 0;
}

static struct super_block *ext2_mount(struct block_device *dev, bool read_only)
{
    struct ext2_volume *volume;
    int error;

    (void)read_only;
    if (!dev)
        return ERR_PTR(-ENODEV);
    volume = ext2_volume_open(dev);
    if (IS_ERR(volume))
        return ERR_PTR(PTR_ERR(volume));
    volume->sb.ops = &ext2_super_ops;
    volume->sb.fs_name = ext2_type.name;
    volume->sb.dev = disk_number(dev);
    volume->sb.read_only = true;
    error = take_root(volume);
    if (!error)
        return &volume->sb;
    ext2_unmount(&volume->sb);
    return ERR_PTR(error);
}

const struct fs_type ext2_type = {.name = "ext2", .mount = ext2_mount};
