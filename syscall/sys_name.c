/*
 * System calls that change names and attributes. No file system here can be written yet, so each
 * makes the checks that Linux makes before it finds out that the mount is read-only, in Linux's
 * order (fs/namei.c, fs/open.c, fs/utimes.c), and ends with EROFS; on one that is not read-only but
 * cannot make or remove names (/dev, /proc), with EPERM.
 */
#include "fs/fs_context.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/task.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_file.h"
#include "syscall/user_path.h"
#include "syscall/user_time.h"

/* Linux, include/uapi/linux/fs.h. */
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE  2
#define RENAME_WHITEOUT  4
#define RENAME_FLAGS     (RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)

#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

/* The last component of a path, and the directory it is in. */
struct last_name {
    char *path;
    struct dentry *parent; /* a reference */
    const char *name;
    size_t len;
};

static int64_t refuse(const struct super_block *sb)
{
    return sb->read_only ? -EROFS : -EPERM;
}

/* 0 or -errno; last_name_put() in either case. */
static int64_t last_name_get(struct last_name *last, int dirfd, vaddr_t path)
{
    struct path_context ctx;
    int error;

    *last = (struct last_name){.path = user_path_copy(path)};
    if (IS_ERR(last->path)) {
        error = (int)PTR_ERR(last->path);
        last->path = NULL;
        return error;
    }
    if (!last->path[0])
        return -ENOENT;
    error = user_path_start(dirfd, last->path, &ctx);
    if (error)
        return error;
    last->parent = path_walk_parent(&ctx, last->path, &last->name, &last->len);
    path_context_put(&ctx);
    if (!IS_ERR(last->parent))
        return 0;
    error = (int)PTR_ERR(last->parent);
    last->parent = NULL;
    return error;
}

static void last_name_put(struct last_name *last)
{
    if (last->parent)
        dentry_put(last->parent);
    kmfree(last->path);
}

/* Where the name is, or would be; last_name_get() gave 0. */
static const struct super_block *last_name_sb(const struct last_name *last)
{
    assert(last->parent);
    return last->parent->inode->sb;
}

static bool is_dot(const struct last_name *last)
{
    return last->len == 1 && last->name[0] == '.';
}

static bool is_dotdot(const struct last_name *last)
{
    return last->len == 2 && last->name[0] == '.' && last->name[1] == '.';
}

/* No name of its own: "/", "." or "..". */
static bool is_special(const struct last_name *last)
{
    return last->len == 0 || is_dot(last) || is_dotdot(last);
}

/* What making a new name comes to: -EEXIST if it is there, else the refusal. */
static int64_t refuse_create(int dirfd, vaddr_t path, bool directory)
{
    struct last_name last;
    int64_t error = last_name_get(&last, dirfd, path);
    struct dentry *there;

    if (!error && is_special(&last))
        error = -EEXIST;
    if (!error) {
        there = dentry_lookup(last.parent, last.name, last.len);
        error = IS_ERR(there) ? PTR_ERR(there) : -EEXIST;
        if (!IS_ERR(there))
            dentry_put(there);
        else if (error == -ENOENT && (directory || last.name[last.len] != '/'))
            error = refuse(last_name_sb(&last));
    }
    last_name_put(&last);
    return error;
}

int64_t sys_mkdirat(int dirfd, vaddr_t path, mode_t mode)
{
    (void)mode;
    return refuse_create(dirfd, path, true);
}

int64_t sys_mknodat(int dirfd, vaddr_t path, mode_t mode, uint64_t dev)
{
    mode_t type = mode & S_IFMT;

    (void)dev;
    if (type == S_IFDIR)
        return -EPERM;
    if (type && type != S_IFREG && type != S_IFCHR && type != S_IFBLK && type != S_IFIFO &&
        type != S_IFSOCK)
        return -EINVAL;
    return refuse_create(dirfd, path, false);
}

int64_t sys_symlinkat(vaddr_t target, int dirfd, vaddr_t path)
{
    char *text = user_path_copy(target);
    bool empty;

    if (IS_ERR(text))
        return PTR_ERR(text);
    empty = !text[0];
    kmfree(text);
    return empty ? -ENOENT : refuse_create(dirfd, path, false);
}

int64_t sys_linkat(int old_dirfd, vaddr_t old, int dirfd, vaddr_t path, unsigned flags)
{
    unsigned walk = flags & AT_SYMLINK_FOLLOW ? PATH_FOLLOW : 0;
    struct dentry *dentry;

    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (flags & AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    dentry = user_path_walk(old_dirfd, old, walk);
    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    dentry_put(dentry);
    return refuse_create(dirfd, path, false);
}

static int64_t rmdir_special(const struct last_name *last)
{
    if (is_dotdot(last))
        return -ENOTEMPTY;
    return is_dot(last) ? -EINVAL : -EBUSY;
}

int64_t sys_unlinkat(int dirfd, vaddr_t path, unsigned flags)
{
    struct last_name last;
    int64_t error;

    if (flags & ~AT_REMOVEDIR)
        return -EINVAL;
    error = last_name_get(&last, dirfd, path);
    if (!error && is_special(&last))
        error = flags & AT_REMOVEDIR ? rmdir_special(&last) : -EISDIR;
    if (!error)
        error = refuse(last_name_sb(&last));
    last_name_put(&last);
    return error;
}

int64_t sys_renameat2(int old_dirfd, vaddr_t old, int dirfd, vaddr_t path, unsigned flags)
{
    struct last_name from, to = {0};
    int64_t error;

    if (flags & ~RENAME_FLAGS)
        return -EINVAL;
    if (flags & RENAME_EXCHANGE && flags & (RENAME_NOREPLACE | RENAME_WHITEOUT))
        return -EINVAL;
    error = last_name_get(&from, old_dirfd, old);
    if (!error)
        error = last_name_get(&to, dirfd, path);
    if (!error && last_name_sb(&from) != last_name_sb(&to))
        error = -EXDEV;
    if (!error && (is_special(&from) || is_special(&to)))
        error = -EBUSY;
    if (!error)
        error = refuse(last_name_sb(&from));
    last_name_put(&to);
    last_name_put(&from);
    return error;
}

/* What changing an attribute of what a name leads to comes to. */
static int64_t refuse_change(int dirfd, vaddr_t path, unsigned flags)
{
    unsigned walk = flags & AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    struct dentry *dentry;
    int64_t error;

    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (flags & AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    dentry = user_path_walk(dirfd, path, walk);
    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    error = refuse(dentry->inode->sb);
    dentry_put(dentry);
    return error;
}

static int64_t refuse_change_fd(int fd)
{
    struct file *file = user_file_get(fd);
    int64_t error;

    if (IS_ERR(file))
        return PTR_ERR(file);
    error = refuse(file->inode->sb);
    file_put(file);
    return error;
}

int64_t sys_fchmod(int fd, mode_t mode)
{
    (void)mode;
    return refuse_change_fd(fd);
}

int64_t sys_fchmodat(int dirfd, vaddr_t path, mode_t mode)
{
    (void)mode;
    return refuse_change(dirfd, path, 0);
}

int64_t sys_fchmodat2(int dirfd, vaddr_t path, mode_t mode, unsigned flags)
{
    (void)mode;
    return refuse_change(dirfd, path, flags);
}

int64_t sys_fchown(int fd, uid_t uid, gid_t gid)
{
    (void)uid;
    (void)gid;
    return refuse_change_fd(fd);
}

int64_t sys_fchownat(int dirfd, vaddr_t path, uid_t uid, gid_t gid, unsigned flags)
{
    (void)uid;
    (void)gid;
    return refuse_change(dirfd, path, flags);
}

static bool utime_valid(const struct timespec64 *ts)
{
    return ts->nsec == UTIME_NOW || ts->nsec == UTIME_OMIT ||
           (ts->nsec >= 0 && ts->nsec < NSEC_PER_SEC);
}

int64_t sys_utimensat(int dirfd, vaddr_t path, vaddr_t times, unsigned flags)
{
    struct timespec64 ts[2];

    if (times && user_get(ts, times, sizeof(ts)))
        return -EFAULT;
    if (times && ts[0].nsec == UTIME_OMIT && ts[1].nsec == UTIME_OMIT)
        return 0;
    if (times && !(utime_valid(&ts[0]) && utime_valid(&ts[1])))
        return -EINVAL;
    if (path || dirfd == AT_FDCWD)
        return refuse_change(dirfd, path, flags);
    return flags ? -EINVAL : refuse_change_fd(dirfd);
}

int64_t sys_truncate(vaddr_t path, int64_t length)
{
    struct dentry *dentry;
    int64_t error;

    if (length < 0)
        return -EINVAL;
    dentry = user_path_walk(AT_FDCWD, path, PATH_FOLLOW);
    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    if (S_ISDIR(dentry->inode->mode))
        error = -EISDIR;
    else if (!S_ISREG(dentry->inode->mode))
        error = -EINVAL;
    else
        error = refuse(dentry->inode->sb);
    dentry_put(dentry);
    return error;
}

int64_t sys_ftruncate(int fd, int64_t length)
{
    struct file *file;
    int64_t error = -EINVAL;

    if (length < 0)
        return -EINVAL;
    file = user_file_get(fd);
    if (IS_ERR(file))
        return PTR_ERR(file);
    if (S_ISREG(file->inode->mode) && file->source.may_write)
        error = refuse(file->inode->sb);
    file_put(file);
    return error;
}
