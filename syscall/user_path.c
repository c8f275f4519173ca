#include "syscall/user_path.h"

#include "arch/uaccess.h"
#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "sched/task.h"

char *user_path_copy(vaddr_t path)
{
    char *name = kmalloc(PATH_MAX, 0);
    ssize_t len;

    if (!name)
        return ERR_PTR(-ENOMEM);
    len = strncpy_from_user(name, path, PATH_MAX);
    if (len >= 0 && len < PATH_MAX)
        return name;
    kmfree(name);
    return ERR_PTR(len < 0 ? -EFAULT : -ENAMETOOLONG);
}

/* The dentry of a descriptor with a reference, or ERR_PTR(-EBADF, -ENOTDIR: it has no name). */
static struct dentry *dentry_of_fd(int fd)
{
    struct file *file = fd_get(current_task()->files, fd);
    struct dentry *dentry;

    if (!file)
        return ERR_PTR(-EBADF);
    dentry = file->dentry;
    if (dentry)
        dentry_get(dentry);
    file_put(file);
    return dentry ? dentry : ERR_PTR(-ENOTDIR);
}

int user_path_start(int dirfd, const char *path, struct path_context *ctx)
{
    struct dentry *start;

    if (path[0] != '/' && dirfd != AT_FDCWD) {
        start = dentry_of_fd(dirfd);
        if (IS_ERR(start))
            return (int)PTR_ERR(start);
        if (path[0] && !S_ISDIR(start->inode->mode)) {
            dentry_put(start);
            return -ENOTDIR;
        }
        fs_context_path(current_task()->fs, ctx);
        dentry_put(ctx->start);
        ctx->start = start;
        return 0;
    }
    fs_context_path(current_task()->fs, ctx);
    return 0;
}

struct dentry *user_path_walk_kernel(int dirfd, const char *path, unsigned flags)
{
    struct path_context ctx;
    struct dentry *dentry;
    int error;

    if (!path[0] && !(flags & PATH_EMPTY))
        return ERR_PTR(-ENOENT);
    error = user_path_start(dirfd, path, &ctx);
    if (error)
        return ERR_PTR(error);
    dentry = path_walk(&ctx, path, flags);
    path_context_put(&ctx);
    return dentry;
}

struct dentry *user_path_walk(int dirfd, vaddr_t path, unsigned flags)
{
    char *name = user_path_copy(path);
    struct dentry *dentry;

    if (IS_ERR(name))
        return (struct dentry *)name;
    dentry = user_path_walk_kernel(dirfd, name, flags);
    kmfree(name);
    return dentry;
}
