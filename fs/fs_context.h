/*
 * Where a process stands in the tree of names: root, working directory, umask. Shared by CLONE_FS.
 */
#pragma once

#include "fs/path.h"
#include "kernel/spinlock.h"

struct fs_context {
    _Atomic uint32_t refs;
    struct spinlock lock;
    struct dentry *root, *cwd; /* under lock; a reference each */
    mode_t umask;              /* under lock */
};

/* At the first mount's root, umask 022; NULL: memory is short. */
struct fs_context *fs_context_create(void);
struct fs_context *fs_context_copy(struct fs_context *from);
void fs_context_get(struct fs_context *fs);
void fs_context_put(struct fs_context *fs);

/* Changes the working directory (takes its own reference). */
void fs_context_chdir(struct fs_context *fs, struct dentry *dir);

mode_t fs_context_umask(struct fs_context *fs);

/* root and cwd with references, for a path walk; path_context_put() gives them back. */
void fs_context_path(struct fs_context *fs, struct path_context *ctx);
void path_context_put(struct path_context *ctx);
