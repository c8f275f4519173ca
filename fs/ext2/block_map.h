/*
 * Where a file's blocks are: from index in the file to block on the disk, over up to three levels
 * of indirect blocks.
 */
#pragma once

#include "fs/inode.h"

/* Consecutive blocks of a file that are consecutive on the disk, or all holes. */
struct ext2_run {
    uint32_t block; /* of the first; 0: holes */
    uint32_t count;
};

/*
 * The run that begins at block `index` of the file and has at most max (> 0) blocks; it may end
 * sooner than it could. 0, -EUCLEAN (after a line), -EIO, -ENOMEM. Sleeps.
 */
int ext2_block_map(struct inode *inode, uint64_t index, uint32_t max, struct ext2_run *run);
