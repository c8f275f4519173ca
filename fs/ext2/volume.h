/*
 * A mounted ext2 disk as its driver keeps it: sizes that have been checked once, where the inode
 * tables are, the cache of its metadata, and the one way to complain about what is on it.
 */
#pragma once

#include "fs/block_cache.h"
#include "fs/ext2/ext2_format.h"
#include "fs/inode.h"
#include "fs/ratelimit.h"

/* All is set once, at mount. */
struct ext2_volume {
    struct super_block sb;
    struct block_cache blocks;
    struct block_device *dev;
    uint32_t blocks_count, inodes_count;
    uint32_t inodes_per_group, blocks_per_group, groups;
    uint32_t inode_size; /* bytes, a power of two, 128 to 4096 */
    uint32_t first_ino;  /* below it only the root is for use */
    uint32_t free_blocks, free_inodes, reserved_blocks;
    uint32_t overhead; /* blocks that never hold a file's content */
    bool has_file_type;
    uint32_t *inode_table; /* first block of each group's inode table */
    struct ratelimit complaints;
};

/* What the driver keeps of an inode: inode->private. */
struct ext2_inode {
    uint32_t block[EXT2_BLOCK_SLOTS]; /* (n) */
};

static inline struct ext2_volume *ext2_volume(const struct super_block *sb)
{
    return container_of(sb, struct ext2_volume, sb);
}

/*
 * Reads and checks the superblock and the group descriptors: a volume without a root inode, or
 * ERR_PTR(-EINVAL) after one line that says why this disk is refused, -EIO, -ENOMEM.
 */
struct ext2_volume *ext2_volume_open(struct block_device *dev);

/* Frees it; no inode of it is left. */
void ext2_volume_close(struct ext2_volume *volume);

/* Whether [block, block + count) lies on the disk; block 0 never belongs to a file. */
bool ext2_blocks_valid(const struct ext2_volume *volume, uint32_t block, uint32_t count);

/* Prints what is wrong with the disk, in one line, not too often. Returns -EUCLEAN. */
int ext2_corrupt(struct ext2_volume *volume, const char *fmt, ...) __printf_like(2, 3);
