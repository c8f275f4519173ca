/* tmpfs, for those who make one of a certain size: the mount of fs_type has half of memory. */
#pragma once

#include "fs/super.h"

/* A superblock that holds at most so many pages of content and so many names, or ERR_PTR. */
struct super_block *tmpfs_create(uint64_t page_limit, uint64_t name_limit);

/* Asserts a directory's invariants; its lock is held. */
void tmpfs_check(const struct inode *dir);
