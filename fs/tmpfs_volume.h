/* One mounted tmpfs: how much it holds and may hold. See fs/tmpfs.c. */
#pragma once

#include "fs/inode.h"

struct tmpfs_volume {
    struct super_block sb;
    uint64_t page_limit;          /* (i) pages of content */
    uint64_t name_limit;          /* (i) names */
    _Atomic uint64_t pages;       /* (a) never above page_limit */
    _Atomic uint64_t names;       /* (a) above name_limit by renames under way only */
    _Atomic uint64_t last_number; /* (a) the inode number given last */
};

static inline struct tmpfs_volume *tmpfs_volume(const struct super_block *sb)
{
    return sb->private;
}
