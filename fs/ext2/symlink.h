/*
 * ext2's symbolic links.
 */
#pragma once

#include "fs/inode.h"

/* For inode_ops.readlink: copies up to size bytes of the target, returns all its length. */
ssize_t ext2_symlink_read(struct inode *inode, char *buf, size_t size);
