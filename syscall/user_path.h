/*
 * Names as programs give them: copied in, walked from where the call says.
 */
#pragma once

#include "fs/path.h"
#include "syscall/abi.h"

/* Copies a name in: kmalloc()ed, or ERR_PTR(-EFAULT, -ENAMETOOLONG, -ENOMEM). */
char *user_path_copy(vaddr_t path);

/*
 * Where a walk of `path` begins: the root, the working directory, or the directory dirfd. 0, or
 * -EBADF, -ENOTDIR (only for a relative path); path_context_put() afterwards.
 */
int user_path_start(int dirfd, const char *path, struct path_context *ctx);

/* The dentry that dirfd and path lead to, with a reference; flags: enum path_flag. With PATH_EMPTY,
 * "" means dirfd itself, of whatever kind. Or ERR_PTR. */
struct dentry *user_path_walk(int dirfd, vaddr_t path, unsigned flags);

/* The same for a name that the kernel has already. */
struct dentry *user_path_walk_kernel(int dirfd, const char *path, unsigned flags);
