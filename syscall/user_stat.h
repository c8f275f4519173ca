/* What stat(2), statx(2) and statfs(2) tell of an inode, in user space's structures. */
#pragma once

#include "fs/inode.h"
#include "syscall/abi.h"

void user_stat_fill(struct user_stat *st, struct inode *inode);
void user_statx_fill(struct user_statx *stx, struct inode *inode);
void user_statfs_fill(struct user_statfs *st, struct super_block *sb);
