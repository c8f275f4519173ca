/*
 * Path walk: from a text to a dentry, over ".", "..", symbolic links and mounts, as
 * path_resolution(7) says.
 */
#pragma once

#include "fs/dentry.h"

#define SYMLINKS_MAX 40 /* Linux, MAXSYMLINKS */

enum path_flag {
    PATH_FOLLOW = 1u << 0,    /* a final symbolic link is followed */
    PATH_DIRECTORY = 1u << 1, /* the result must be a directory: -ENOTDIR */
    PATH_EMPTY = 1u << 2,     /* "" means the start itself (AT_EMPTY_PATH) */
};

struct path_context {
    struct dentry *root;  /* "/" and where ".." stops */
    struct dentry *start; /* where a relative path begins */
};

/*
 * Walks path (NUL-terminated, kernel memory). Returns the dentry with a reference, or
 * ERR_PTR: -ENOENT (also for ""), -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG, -EIO, -ENOMEM. Sleeps.
 */
struct dentry *path_walk(const struct path_context *ctx, const char *path, unsigned flags);

/*
 * Walks to the directory that holds (or would hold) the last component: the parent with a
 * reference; *name points into path, *len bytes without trailing slashes (for create, unlink …).
 */
struct dentry *path_walk_parent(const struct path_context *ctx, const char *path, const char **name,
                                size_t *len);
