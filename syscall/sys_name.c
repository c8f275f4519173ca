/*
 * System calls that change names and attributes: the last name of a path, and what it means that it
 * is "." or ".."; the rest is fs/naming.c's and fs/attr.c's. Checks are made in Linux's order
 * (fs/namei.c, fs/open.c, fs/utimes.c). Where a file system is read-only it ends with EROFS; on one
 * that cannot make or remove names (/dev, /proc), with EPERM.
 */
#include "fs/attr.h"
#include "fs/fs_context.h"
#include "fs/naming.h"
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

#define RENAME_FLAGS (RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)

#define MODE_BITS    07777
#define ID_UNCHANGED 0xffffffffu /* (uid_t)-1 */

#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

/* The last component of a path, and the directory it is in. */
struct last_name {
    char *path;
    struct dentry *parent; /* a reference */
    const char *name;
    size_t len;
};

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

/* As fs/naming.c takes it; last_name_get() gave 0. */
static struct naming last_naming(const struct last_name *last)
{
    assert(last->parent);
    return (struct naming){last->parent, last->name, last->len, last->name[last->len] == '/'};
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

/* A file of this mode (umask not yet taken off, save for links) that is the caller's. */
static struct inode_spec new_spec(mode_t mode)
{
    const struct credentials *cred = &current_task()->process->cred;

    if (!S_ISLNK(mode))
        mode &= ~fs_context_umask(current_task()->fs);
    return (struct inode_spec){.mode = mode, .uid = cred->fsuid, .gid = cred->fsgid};
}

static int64_t create(int dirfd, vaddr_t path, const struct inode_spec *spec)
{
    struct last_name last;
    int64_t error = last_name_get(&last, dirfd, path);

    if (!error && is_special(&last))
        error = -EEXIST;
    if (!error) {
        struct naming at = last_naming(&last);

        error = naming_create(&at, spec, NULL);
    }
    last_name_put(&last);
    return error;
}

int64_t sys_mkdirat(int dirfd, vaddr_t path, mode_t mode)
{
    const mode_t kept = MODE_BITS & ~(S_ISUID | S_ISGID); /* mkdir(2) */
    struct inode_spec spec = new_spec(S_IFDIR | (mode & kept));

    return create(dirfd, path, &spec);
}

int64_t sys_mknodat(int dirfd, vaddr_t path, mode_t mode, uint64_t dev)
{
    mode_t type = mode & S_IFMT;
    struct inode_spec spec = new_spec((type ? type : S_IFREG) | (mode & MODE_BITS));

    if (type == S_IFDIR)
        return -EPERM;
    if (type && type != S_IFREG && type != S_IFCHR && type != S_IFBLK && type != S_IFIFO &&
        type != S_IFSOCK)
        return -EINVAL;
    if ((type == S_IFCHR || type == S_IFBLK) && spec.uid != 0)
        return -EPERM;
    spec.rdev = (uint32_t)dev;
    return create(dirfd, path, &spec);
}

int64_t sys_symlinkat(vaddr_t target, int dirfd, vaddr_t path)
{
    struct inode_spec spec = new_spec(S_IFLNK | 0777);
    char *text = user_path_copy(target);
    int64_t error;

    if (IS_ERR(text))
        return PTR_ERR(text);
    spec.target = text;
    error = text[0] ? create(dirfd, path, &spec) : -ENOENT;
    kmfree(text);
    return error;
}

static int64_t link_to(struct inode *inode, int dirfd, vaddr_t path)
{
    struct last_name last;
    int64_t error = last_name_get(&last, dirfd, path);

    if (!error && is_special(&last))
        error = -EEXIST;
    if (!error) {
        struct naming at = last_naming(&last);

        error = naming_link(inode, &at);
    }
    last_name_put(&last);
    return error;
}

int64_t sys_linkat(int old_dirfd, vaddr_t old, int dirfd, vaddr_t path, unsigned flags)
{
    unsigned walk = flags & AT_SYMLINK_FOLLOW ? PATH_FOLLOW : 0;
    struct dentry *dentry;
    int64_t error;

    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (flags & AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    dentry = user_path_walk(old_dirfd, old, walk);
    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    error = link_to(dentry->inode, dirfd, path);
    dentry_put(dentry);
    return error;
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
    if (!error) {
        struct naming at = last_naming(&last);

        error = naming_remove(&at, flags & AT_REMOVEDIR);
    }
    last_name_put(&last);
    return error;
}

static int64_t rename_names(const struct last_name *from, const struct last_name *to,
                            unsigned flags)
{
    struct naming old = last_naming(from), new = last_naming(to);

    if (old.dir->inode->sb != new.dir->inode->sb)
        return -EXDEV;
    if (is_special(from) || is_special(to))
        return flags & RENAME_NOREPLACE && !is_special(from) ? -EEXIST : -EBUSY;
    if (flags & RENAME_WHITEOUT && !old.dir->inode->sb->read_only)
        return -EINVAL; /* no file system here has them */
    return naming_rename(&old, &new, flags);
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
    if (!error)
        error = rename_names(&from, &to, flags);
    last_name_put(&to);
    last_name_put(&from);
    return error;
}

/* What a change of attributes goes to: a name, or (by_fd) an open file. */
struct change {
    struct iattr attr;
    bool touch; /* times become the present */
    bool by_fd;
    int fd; /* or the directory the path starts at */
    vaddr_t path;
    unsigned flags; /* AT_* */
};

static int64_t change_file(struct change *change)
{
    struct file *file = user_file_get(change->fd);
    int64_t error;

    if (IS_ERR(file))
        return PTR_ERR(file);
    error = attr_change(file->inode, &change->attr, change->touch);
    file_put(file);
    return error;
}

static int64_t change_attr(struct change *change)
{
    unsigned walk = change->flags & AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    struct dentry *dentry;
    int64_t error;

    if (change->flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (change->by_fd)
        return change_file(change);
    if (change->flags & AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    dentry = user_path_walk(change->fd, change->path, walk);
    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    error = attr_change(dentry->inode, &change->attr, change->touch);
    dentry_put(dentry);
    return error;
}

int64_t sys_fchmod(int fd, mode_t mode)
{
    struct change change = {.attr = {.valid = ATTR_MODE, .mode = mode}, .by_fd = true, .fd = fd};

    return change_attr(&change);
}

int64_t sys_fchmodat(int dirfd, vaddr_t path, mode_t mode)
{
    return sys_fchmodat2(dirfd, path, mode, 0);
}

int64_t sys_fchmodat2(int dirfd, vaddr_t path, mode_t mode, unsigned flags)
{
    struct change change = {
        .attr = {.valid = ATTR_MODE, .mode = mode}, .fd = dirfd, .path = path, .flags = flags};

    return change_attr(&change);
}

/* The attributes that chown(2) changes: -1 leaves one as it is. */
static struct iattr owner_attr(uid_t uid, gid_t gid)
{
    unsigned valid = (uid != ID_UNCHANGED ? ATTR_UID : 0) | (gid != ID_UNCHANGED ? ATTR_GID : 0);

    return (struct iattr){.valid = valid, .uid = uid, .gid = gid};
}

int64_t sys_fchown(int fd, uid_t uid, gid_t gid)
{
    struct change change = {.attr = owner_attr(uid, gid), .by_fd = true, .fd = fd};

    return change_attr(&change);
}

int64_t sys_fchownat(int dirfd, vaddr_t path, uid_t uid, gid_t gid, unsigned flags)
{
    struct change change = {
        .attr = owner_attr(uid, gid), .fd = dirfd, .path = path, .flags = flags};

    return change_attr(&change);
}

static bool utime_valid(const struct timespec64 *ts)
{
    return ts->nsec == UTIME_NOW || ts->nsec == UTIME_OMIT ||
           (ts->nsec >= 0 && ts->nsec < NSEC_PER_SEC);
}

/* What utimensat's two times ask for. */
static void set_times(struct change *change, const struct timespec64 ts[static 2])
{
    struct iattr *attr = &change->attr;
    struct timespec64 now = attr_now();

    attr->valid =
        (ts[0].nsec != UTIME_OMIT ? ATTR_ATIME : 0) | (ts[1].nsec != UTIME_OMIT ? ATTR_MTIME : 0);
    attr->atime = ts[0].nsec == UTIME_NOW ? now : ts[0];
    attr->mtime = ts[1].nsec == UTIME_NOW ? now : ts[1];
    change->touch = ts[0].nsec == UTIME_NOW && ts[1].nsec == UTIME_NOW;
}

int64_t sys_utimensat(int dirfd, vaddr_t path, vaddr_t times, unsigned flags)
{
    struct timespec64 ts[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    struct change change = {.fd = dirfd, .path = path, .flags = flags};

    if (times && user_get(ts, times, sizeof(ts)))
        return -EFAULT;
    if (ts[0].nsec == UTIME_OMIT && ts[1].nsec == UTIME_OMIT)
        return 0;
    if (!utime_valid(&ts[0]) || !utime_valid(&ts[1]))
        return -EINVAL;
    set_times(&change, ts);
    change.by_fd = !path && dirfd != AT_FDCWD;
    return change.by_fd && flags ? -EINVAL : change_attr(&change);
}

int64_t sys_truncate(vaddr_t path, int64_t length)
{
    struct dentry *dentry;
    int64_t error = 0;

    if (length < 0)
        return -EINVAL;
    dentry = user_path_walk(AT_FDCWD, path, PATH_FOLLOW);
    if (IS_ERR(dentry))
        return PTR_ERR(dentry);
    if (S_ISREG(dentry->inode->mode))
        error = inode_permission(dentry->inode, MAY_WRITE);
    if (!error)
        error = attr_truncate(dentry->inode, (uint64_t)length);
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
        error = attr_truncate(file->inode, (uint64_t)length);
    file_put(file);
    return error;
}
