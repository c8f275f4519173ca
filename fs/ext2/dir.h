/*
 * ext2's directories, read.
 */
#pragma once

#include "fs/file.h"

/* For inode_ops.lookup and file_ops.readdir of directories; errors: -EUCLEAN, -EIO, -ENOMEM. */
int ext2_dir_lookup(struct inode *dir, const char *name, size_t len, struct inode **result);
int ext2_dir_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos);
