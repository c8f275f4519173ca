/*
 * Attributes: see fs/attr.h. The rules are those of chmod(2), chown(2), utimensat(2) and
 * truncate(2): a mode and explicit times are the owner's to change; an owner only the superuser's;
 * a group the owner's, to one that he is in. A change of owner or group, unless the superuser makes
 * it, takes the set-id bits off a file (inode(7)).
 *
 * Lock order: inode->lock, held while the file system's setattr runs.
 */
#include "fs/attr.h"

#include "arch/time.h"
#include "drivers/rtc.h"
#include "lib/errno.h"
#include "lib/time_units.h"
#include "sched/task.h"

#define MODE_BITS 07777

struct timespec64 attr_now(void)
{
    uint64_t ns = rtc_boot_time_ns() + time_ns();

    return (struct timespec64){(int64_t)(ns / NSEC_PER_SEC), (int64_t)(ns % NSEC_PER_SEC)};
}

/* Whether the file may be given to this owner and group. */
static bool may_chown(const struct inode *inode, const struct iattr *attr)
{
    uid_t self = current_task()->process->cred.fsuid;

    if (self == 0)
        return true;
    if (attr->valid & ATTR_UID && (self != inode->uid || attr->uid != inode->uid))
        return false;
    if (attr->valid & ATTR_GID)
        return self == inode->uid && (attr->gid == inode->gid || inode_in_group(attr->gid));
    return true;
}

static int check_change(struct inode *inode, const struct iattr *attr, bool touch)
{
    if (!may_chown(inode, attr))
        return -EPERM;
    if (inode_owned(inode))
        return 0;
    if (touch)
        return inode_permission(inode, MAY_WRITE) ? -EACCES : 0;
    return attr->valid & (ATTR_MODE | ATTR_ATIME | ATTR_MTIME) ? -EPERM : 0;
}

/* What else a change brings with it: inode->lock is held. */
static void add_mode(const struct inode *inode, struct iattr *attr)
{
    bool super = current_task()->process->cred.fsuid == 0;
    bool chown = attr->valid & (ATTR_UID | ATTR_GID);

    if (attr->valid & ATTR_MODE) {
        attr->mode &= MODE_BITS;
        if (!super && !inode_in_group(inode->gid))
            attr->mode &= ~(mode_t)S_ISGID;
    } else if (chown && !S_ISDIR(inode->mode) && inode->mode & (S_ISUID | S_ISGID)) {
        attr->mode = inode->mode & MODE_BITS & ~(mode_t)S_ISUID;
        if (inode->mode & 0010) /* without it the bit means something else */
            attr->mode &= ~(mode_t)S_ISGID;
        attr->valid |= ATTR_MODE;
    }
}

int attr_change(struct inode *inode, struct iattr *attr, bool touch)
{
    int error;

    if (inode->sb->read_only)
        return -EROFS;
    if (!inode->ops || !inode->ops->setattr)
        return -EPERM;
    mutex_lock(&inode->lock);
    error = check_change(inode, attr, touch);
    if (!error) {
        add_mode(inode, attr);
        error = inode->ops->setattr(inode, attr);
    }
    mutex_unlock(&inode->lock);
    return error;
}

int attr_truncate(struct inode *inode, uint64_t size)
{
    struct iattr attr = {.valid = ATTR_SIZE, .size = size};
    int error;

    if (S_ISDIR(inode->mode))
        return -EISDIR;
    if (!S_ISREG(inode->mode))
        return -EINVAL;
    if (inode->sb->read_only)
        return -EROFS;
    if (!inode->ops || !inode->ops->setattr)
        return -EPERM;
    mutex_lock(&inode->lock);
    error = inode->ops->setattr(inode, &attr);
    mutex_unlock(&inode->lock);
    return error;
}

void attr_copy(struct inode *inode, const struct iattr *attr)
{
    inode->ctime = attr_now();
    if (attr->valid & ATTR_MODE)
        inode->mode = (inode->mode & S_IFMT) | (attr->mode & MODE_BITS);
    if (attr->valid & ATTR_UID)
        inode->uid = attr->uid;
    if (attr->valid & ATTR_GID)
        inode->gid = attr->gid;
    if (attr->valid & ATTR_ATIME)
        inode->atime = attr->atime;
    if (attr->valid & ATTR_MTIME)
        inode->mtime = attr->mtime;
}
