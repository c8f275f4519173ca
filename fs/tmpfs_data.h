/* The content of tmpfs's regular files: pages of the cache with nothing behind them. */
#pragma once

#include "fs/file.h"

extern const struct file_ops tmpfs_file_ops;
extern const struct page_cache_ops tmpfs_cache_ops;

/* Cuts or lengthens a file; inode->lock is held. */
void tmpfs_resize(struct inode *inode, uint64_t size);
