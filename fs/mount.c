/*
 * Mounts: see fs/mount.h.
 *
 *     dentry (covered) --mounted--> mount --root--> dentry of the other file system's root
 *            ^                       | ^                            |
 *            +-------covered---------+ +-----------mount------------+
 *
 * The list and dentry->mounted change under mount_lock, once for each mount; they are read without
 * it, since a mount stays. A covered dentry is held by its mount, so it stays in the cache.
 */
#include "fs/mount.h"

#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

static struct spinlock mount_lock = SPINLOCK_INIT("mount");
static struct list_head mounts = LIST_HEAD_INIT(mounts); /* appended to under mount_lock */
static _Atomic(struct mount *) first;

/* Makes a complete mount findable, unless its place is taken. */
static int mount_publish(struct mount *mount)
{
    int error = -EBUSY;

    spin_lock(&mount_lock);
    if (mount->covered ? !mount->covered->mounted : !first) {
        list_add_tail(&mount->link, &mounts);
        if (mount->covered)
            mount->covered->mounted = mount;
        else
            first = mount;
        error = 0;
    }
    spin_unlock(&mount_lock);
    return error;
}

int mount_attach(struct super_block *sb, struct dentry *at)
{
    struct mount *mount;
    int error = -ENOMEM;

    if (at && !S_ISDIR(at->inode->mode))
        return -ENOTDIR;
    mount = kmalloc(sizeof(*mount), ALLOC_ZERO);
    if (!mount)
        return -ENOMEM;
    mount->sb = sb;
    mount->covered = at;
    mount->root = dentry_create_root(sb->root);
    if (!mount->root)
        goto free_mount;
    inode_ref(sb->root);
    mount->root->mount = mount;
    if (at)
        dentry_get(at);
    error = mount_publish(mount);
    if (!error)
        return 0;
    if (at)
        dentry_put(at);
    dentry_put(mount->root);
free_mount:
    kmfree(mount);
    return error;
}

struct dentry *mount_root(void)
{
    struct mount *mount = first;

    return mount ? mount->root : NULL;
}

struct dentry *mount_enter(struct dentry *dentry)
{
    struct mount *mount;

    while ((mount = dentry->mounted)) {
        dentry_get(mount->root);
        dentry_put(dentry);
        dentry = mount->root;
    }
    return dentry;
}

struct mount *mount_next(struct mount *mount)
{
    struct list_head *next = mount ? mount->link.next : mounts.next;

    return next == &mounts ? NULL : list_entry(next, struct mount, link);
}
