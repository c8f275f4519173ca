/* The kinds of file system, by name: "ext2", "proc", "devtmpfs", "tmpfs". */
#pragma once

#include "drivers/block.h"
#include "fs/mount.h"

struct fs_type {
    const char *name;
    /* A superblock on dev (NULL for those without): or ERR_PTR. Prints why in one line if the
     * disk's content is refused. */
    struct super_block *(*mount)(struct block_device *dev, bool read_only);
};

extern const struct fs_type ext2_type, proc_type, dev_type, tmpfs_type;
