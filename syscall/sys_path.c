/*
 * System calls that ask about names and where the process stands: stat, access, links, directories.
 */
#include "fs/fs_context.h"
#include "lib/err.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/task.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_file.h"
#include "syscall/user_path.h"
#include "syscall/user_stat.h"

#define STAT_FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)

/*
 * The inode that dirfd and path name, with a reference, or ERR_PTR. With AT_EMPTY_PATH and an empty
 * name (or NULL, as Linux 6.11 has it) it is dirfd's own, a pipe's too, which has no name.
 */
static struct inode *inode_of_fd(int fd)
{
    struct file *file = user_file_get_any(fd);
    struct inode *inode;

    if (IS_ERR(file))
        return (struct inode *)file;
    inode = file->inode;
    inode_ref(inode);
    file_put(file);
    return inode;
}

static struct inode *inode_of_path(int dirfd, const char *name, unsigned flags)
{
    unsigned walk = flags & AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    struct dentry *dentry;
    struct inode *inode;

    if (flags & AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    if (flags & AT_EMPTY_PATH && !name[0] && dirfd != AT_FDCWD)
        return inode_of_fd(dirfd);
    dentry = user_path_walk_kernel(dirfd, name, walk);
    if (IS_ERR(dentry))
        return (struct inode *)dentry;
    inode = dentry->inode;
    inode_ref(inode);
    dentry_put(dentry);
    return inode;
}

static struct inode *named_inode(int dirfd, vaddr_t path, unsigned flags)
{
    struct inode *inode;
    char *name;

    if (!path && flags & AT_EMPTY_PATH)
        return inode_of_path(dirfd, "", flags);
    name = user_path_copy(path);
    if (IS_ERR(name))
        return (struct inode *)name;
    inode = inode_of_path(dirfd, name, flags);
    kmfree(name);
    return inode;
}

/* Stores an inode's struct stat (the reference is given back). */
static int64_t put_stat(struct inode *inode, vaddr_t buf)
{
    struct user_stat st;

    if (IS_ERR(inode))
        return PTR_ERR(inode);
    user_stat_fill(&st, inode);
    inode_put(inode);
    return user_put(buf, &st, sizeof(st));
}

int64_t sys_newfstatat(int dirfd, vaddr_t path, vaddr_t buf, unsigned flags)
{
    if (flags & ~STAT_FLAGS)
        return -EINVAL;
    return put_stat(named_inode(dirfd, path, flags), buf);
}

int64_t sys_fstat(int fd, vaddr_t buf)
{
    return put_stat(inode_of_fd(fd), buf);
}

int64_t sys_statx(int dirfd, vaddr_t path, unsigned flags, unsigned mask, vaddr_t buf)
{
    struct user_statx stx;
    struct inode *inode;

    if (mask & STATX__RESERVED || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE ||
        flags & ~(STAT_FLAGS | AT_STATX_SYNC_TYPE))
        return -EINVAL;
    inode = named_inode(dirfd, path, flags);
    if (IS_ERR(inode))
        return PTR_ERR(inode);
    user_statx_fill(&stx, inode);
    inode_put(inode);
    return user_put(buf, &stx, sizeof(stx));
}

static int64_t put_statfs(struct inode *inode, vaddr_t buf)
{
    struct user_statfs st;

    if (IS_ERR(inode))
        return PTR_ERR(inode);
    user_statfs_fill(&st, inode->sb);
    inode_put(inode);
    return user_put(buf, &st, sizeof(st));
}

int64_t sys_statfs(vaddr_t path, vaddr_t buf)
{
    return put_statfs(named_inode(AT_FDCWD, path, 0), buf);
}

int64_t sys_fstatfs(int fd, vaddr_t buf)
{
    return put_statfs(inode_of_fd(fd), buf);
}

/* Copies a link's text out: bytes, or -errno. */
static int64_t put_link(struct inode *inode, vaddr_t buf, size_t size)
{
    char *text = kmalloc(PATH_MAX, 0);
    ssize_t len;

    if (!text)
        return -ENOMEM;
    size = MIN(size, (size_t)PATH_MAX);
    len = inode->ops->readlink(inode, text, PATH_MAX);
    if (len > 0 && (size_t)len > size) /* cut off without a word: readlink(2) */
        len = (ssize_t)size;
    if (len > 0 && user_put(buf, text, (size_t)len))
        len = -EFAULT;
    kmfree(text);
    return len;
}

int64_t sys_readlinkat(int dirfd, vaddr_t path, vaddr_t buf, int size)
{
    struct inode *inode;
    int64_t n = -EINVAL;

    if (size <= 0)
        return -EINVAL;
    inode = named_inode(dirfd, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
    if (IS_ERR(inode))
        return PTR_ERR(inode);
    if (S_ISLNK(inode->mode) && inode->ops && inode->ops->readlink)
        n = put_link(inode, buf, (size_t)size);
    inode_put(inode);
    return n;
}

/* access(2) asks with the real ids. */
static int64_t check_access(int dirfd, vaddr_t path, unsigned mode, unsigned flags)
{
    struct inode *inode;
    int64_t error;

    current_task()->asks_as_real = !(flags & AT_EACCESS);
    inode = named_inode(dirfd, path, flags & ~AT_EACCESS);
    error = IS_ERR(inode) ? PTR_ERR(inode) : inode_permission(inode, mode);
    current_task()->asks_as_real = false;
    if (!IS_ERR(inode))
        inode_put(inode);
    return error;
}

int64_t sys_faccessat(int dirfd, vaddr_t path, unsigned mode)
{
    return sys_faccessat2(dirfd, path, mode, 0);
}

int64_t sys_faccessat2(int dirfd, vaddr_t path, unsigned mode, unsigned flags)
{
    if (mode & ~(MAY_READ | MAY_WRITE | MAY_EXEC) ||
        flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    return check_access(dirfd, path, mode, flags);
}

/* Makes dentry (a reference taken over, or an ERR_PTR) the working directory. */
static int64_t change_directory(struct dentry *dentry)
{
    int64_t error;

    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    error = S_ISDIR(dentry->inode->mode) ? inode_permission(dentry->inode, MAY_EXEC) : -ENOTDIR;
    if (!error)
        fs_context_chdir(current_task()->fs, dentry);
    dentry_put(dentry);
    return error;
}

int64_t sys_chdir(vaddr_t path)
{
    return change_directory(user_path_walk(AT_FDCWD, path, PATH_FOLLOW | PATH_DIRECTORY));
}

int64_t sys_fchdir(int fd)
{
    struct file *file = user_file_get_any(fd);
    struct dentry *dentry;

    if (IS_ERR(file))
        return PTR_ERR(file);
    dentry = file->dentry;
    if (dentry)
        dentry_get(dentry);
    file_put(file);
    return dentry ? change_directory(dentry) : -ENOTDIR;
}

/* The working directory's path in text, PATH_MAX bytes: its length with the NUL, or -errno. */
static ssize_t describe_cwd(char *text)
{
    struct path_context ctx;
    ssize_t len;

    fs_context_path(current_task()->fs, &ctx);
    len = dentry_dropped(ctx.start) ? -ENOENT : 0;
    if (!len)
        len = dentry_path(ctx.start, ctx.root, text, PATH_MAX);
    path_context_put(&ctx);
    return len < 0 ? len : len + 1;
}

int64_t sys_getcwd(vaddr_t buf, size_t size)
{
    char *text = kmalloc(PATH_MAX, 0);
    int64_t n;

    if (!text)
        return -ENOMEM;
    n = describe_cwd(text);
    if (n > 0 && (size_t)n > size)
        n = -ERANGE;
    if (n > 0 && user_put(buf, text, (size_t)n))
        n = -EFAULT;
    kmfree(text);
    return n;
}

int64_t sys_umask(mode_t mask)
{
    const mode_t permissions = 0777;
    struct fs_context *fs = current_task()->fs;
    mode_t old;

    spin_lock(&fs->lock);
    old = fs->umask;
    fs->umask = mask & permissions;
    spin_unlock(&fs->lock);
    return old;
}
