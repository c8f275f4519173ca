/*
 * Root, working directory and umask of a process: see fs/fs_context.h.
 *
 * The two directories change as pairs of pointer and reference under the lock; who reads them takes
 * references under it, so that a path walk is not disturbed by another thread's chdir.
 */
#include "fs/fs_context.h"

#include "fs/mount.h"
#include "lib/assert.h"
#include "mm/alloc/kmalloc.h"

#define UMASK_FIRST 022

/* A context with one reference; takes references to the directories. */
static struct fs_context *fs_context_alloc(struct dentry *root, struct dentry *cwd, mode_t umask)
{
    struct fs_context *fs = kmalloc(sizeof(*fs), ALLOC_ZERO);

    if (!fs)
        return NULL;
    fs->refs = 1;
    spin_init(&fs->lock, "fs_context");
    dentry_get(root);
    dentry_get(cwd);
    fs->root = root;
    fs->cwd = cwd;
    fs->umask = umask;
    return fs;
}

struct fs_context *fs_context_create(void)
{
    struct dentry *root = mount_root();

    assert(root);
    return fs_context_alloc(root, root, UMASK_FIRST);
}

struct fs_context *fs_context_copy(struct fs_context *from)
{
    struct path_context ctx;
    struct fs_context *fs;

    fs_context_path(from, &ctx);
    fs = fs_context_alloc(ctx.root, ctx.start, from->umask);
    path_context_put(&ctx);
    return fs;
}

void fs_context_get(struct fs_context *fs)
{
    fs->refs++;
}

void fs_context_put(struct fs_context *fs)
{
    assert(fs->refs > 0);
    if (--fs->refs > 0)
        return;
    dentry_put(fs->root);
    dentry_put(fs->cwd);
    kmfree(fs);
}

void fs_context_chdir(struct fs_context *fs, struct dentry *dir)
{
    struct dentry *old;

    dentry_get(dir);
    spin_lock(&fs->lock);
    old = fs->cwd;
    fs->cwd = dir;
    spin_unlock(&fs->lock);
    dentry_put(old);
}

mode_t fs_context_umask(struct fs_context *fs)
{
    mode_t umask;

    spin_lock(&fs->lock);
    umask = fs->umask;
    spin_unlock(&fs->lock);
    return umask;
}

void fs_context_path(struct fs_context *fs, struct path_context *ctx)
{
    spin_lock(&fs->lock);
    ctx->root = fs->root;
    ctx->start = fs->cwd;
    dentry_get(ctx->root);
    dentry_get(ctx->start);
    spin_unlock(&fs->lock);
}

void path_context_put(struct path_context *ctx)
{
    dentry_put(ctx->root);
    dentry_put(ctx->start);
}
