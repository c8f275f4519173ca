/*
 * ext2's inodes: from the inode table to struct inode.
 */
#pragma once

#include "fs/inode.h"

/* For super_ops.read_inode: 0, -EUCLEAN (after a line), -EIO, -ENOMEM. */
int ext2_inode_read(struct inode *inode);
