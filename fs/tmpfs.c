/*
 * tmpfs: files that are in memory and nowhere else.
 *
 *     inode       in no table: each name holds a reference to it, so it lives as long as it has a
 *                 name or somebody has it open
 *     directory   fs/tmpfs_dir.c; inode->private is its struct tmpfs_dir
 *     content     fs/tmpfs_data.c; pages of inode->cache
 *     link        inode->private is its text
 *
 * Two limits: pages of content, and names; past either it is ENOSPC. Both are half of the memory's
 * pages, as Linux has it by default.
 *
 * Links of a directory: its name, its ".", and the ".." of each directory in it. One that was
 * removed has none.
 *
 * Locks: fs/naming.c and fs/attr.c hold those of the inodes that change; none is taken here.
 */
#include "fs/tmpfs.h"

#include <stdatomic.h>

#include "fs/attr.h"
#include "fs/device.h"
#include "fs/pipe.h"
#include "fs/pseudo.h"
#include "fs/tmpfs_data.h"
#include "fs/tmpfs_dir.h"
#include "fs/tmpfs_volume.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/buddy.h"
#include "mm/alloc/kmalloc.h"

#define TMPFS_MAGIC 0x01021994 /* Linux, include/uapi/linux/magic.h */
#define TMPFS_DEV   6          /* st_dev: 0, 6 */
#define ROOT_MODE   (S_IFDIR | S_ISVTX | 0777)
#define SHARE       2 /* one part in so many of memory */

static bool charge_name(struct tmpfs_volume *volume)
{
    if (++volume->names <= volume->name_limit)
        return true;
    volume->names--;
    return false;
}

static void touch(struct inode *dir)
{
    dir->mtime = attr_now();
    dir->ctime = dir->mtime;
}

/* Gives a directory a name; inode's reference is taken over on success. */
static int add_name(struct inode *dir, const char *name, size_t len, struct inode *inode)
{
    struct tmpfs_volume *volume = tmpfs_volume(dir->sb);
    int error;

    if (!charge_name(volume))
        return -ENOSPC;
    error = tmpfs_dir_add(dir->private, name, len, inode);
    if (error)
        volume->names--;
    else
        touch(dir);
    return error;
}

/* Takes a name away, with its reference, which is not the last. */
static void drop_name(struct inode *dir, const char *name, size_t len)
{
    struct tmpfs_entry *entry = tmpfs_dir_find(dir->private, name, len);

    assert(entry);
    inode_put(tmpfs_dir_remove(dir->private, entry));
    tmpfs_volume(dir->sb)->names--;
    touch(dir);
}

static int op_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    struct tmpfs_entry *entry = tmpfs_dir_find(dir->private, name, len);

    if (!entry)
        return -ENOENT;
    inode_ref(entry->inode);
    *result = entry->inode;
    return 0;
}

static ssize_t op_readlink(struct inode *inode, char *buf, size_t size)
{
    memcpy(buf, inode->private, MIN(inode->size, size));
    return (ssize_t)inode->size;
}

static void op_evict(struct inode *inode)
{
    kmfree(inode->private);
}

static void op_refresh(struct inode *inode)
{
    inode->blocks = inode->cache.pages * (PAGE_SIZE / SECTOR_SIZE);
}

static int op_setattr(struct inode *inode, const struct iattr *attr)
{
    if (attr->valid & ATTR_SIZE)
        tmpfs_resize(inode, attr->size);
    attr_copy(inode, attr);
    return 0;
}

static bool op_empty(struct inode *dir)
{
    return tmpfs_dir_empty(dir->private);
}

static int op_link(struct inode *dir, const char *name, size_t len, struct inode *inode)
{
    int error = add_name(dir, name, len, inode);

    if (error)
        return error;
    inode_ref(inode);
    inode->nlink++;
    inode->ctime = attr_now();
    return 0;
}

/* A file has one name less. */
static void lose_link(struct inode *dir, struct inode *inode)
{
    if (S_ISDIR(inode->mode)) {
        inode->nlink = 0;
        dir->nlink--;
    } else {
        inode->nlink--;
    }
    inode->ctime = attr_now();
}

static int op_remove(struct inode *dir, const char *name, size_t len, struct inode *inode)
{
    lose_link(dir, inode);
    drop_name(dir, name, len);
    return 0;
}

/* A directory's ".." changes from one directory to another. */
static void move_dotdot(const struct inode *inode, struct inode *from, struct inode *to)
{
    if (!S_ISDIR(inode->mode))
        return;
    from->nlink--;
    to->nlink++;
}

static void exchange_names(const struct rename_args *args)
{
    struct tmpfs_entry *old = tmpfs_dir_find(args->old_dir->private, args->old_name, args->old_len);
    struct tmpfs_entry *new = tmpfs_dir_find(args->new_dir->private, args->new_name, args->new_len);

    old->inode = args->target; /* with their references */
    new->inode = args->inode;
    move_dotdot(args->inode, args->old_dir, args->new_dir);
    move_dotdot(args->target, args->new_dir, args->old_dir);
    args->target->ctime = attr_now();
    touch(args->new_dir);
    touch(args->old_dir);
}

/* The name exists and leads elsewhere from now on. */
static void replace_name(const struct rename_args *args)
{
    struct tmpfs_entry *entry =
        tmpfs_dir_find(args->new_dir->private, args->new_name, args->new_len);

    lose_link(args->new_dir, args->target);
    inode_ref(args->inode);
    entry->inode = args->inode;
    inode_put(args->target); /* not the last: the caller has one */
    touch(args->new_dir);
}

/* The name is new. The count of names stays, so that a full file system can be put in order. */
static int move_name(const struct rename_args *args)
{
    int error = tmpfs_dir_add(args->new_dir->private, args->new_name, args->new_len, args->inode);

    if (error)
        return error;
    inode_ref(args->inode);
    tmpfs_volume(args->new_dir->sb)->names++; /* drop_name() counts the other way */
    touch(args->new_dir);
    return 0;
}

static int op_rename(const struct rename_args *args)
{
    int error = 0;

    if (args->exchange) {
        exchange_names(args);
    } else {
        if (args->target)
            replace_name(args);
        else
            error = move_name(args);
        if (error)
            return error;
        drop_name(args->old_dir, args->old_name, args->old_len);
        move_dotdot(args->inode, args->old_dir, args->new_dir);
    }
    args->inode->ctime = attr_now();
    return 0;
}

static int op_create(struct inode *dir, const char *name, size_t len, const struct inode_spec *spec,
                     struct inode **made);

static const struct inode_ops dir_ops = {
    .lookup = op_lookup,
    .evict = op_evict,
    .refresh = op_refresh,
    .create = op_create,
    .link = op_link,
    .remove = op_remove,
    .empty = op_empty,
    .rename = op_rename,
    .setattr = op_setattr,
};

static const struct inode_ops plain_ops = {.refresh = op_refresh, .setattr = op_setattr};

static const struct inode_ops link_ops = {
    .readlink = op_readlink,
    .evict = op_evict,
    .refresh = op_refresh,
    .setattr = op_setattr,
};

static const struct tmpfs_kind {
    mode_t type;
    const struct inode_ops *ops;
    const struct file_ops *file_ops;
} kinds[] = {
    {S_IFREG, &plain_ops, &tmpfs_file_ops},
    {S_IFDIR, &dir_ops, &tmpfs_dir_file_ops},
    {S_IFLNK, &link_ops, NULL},
    {S_IFCHR, &plain_ops, &device_node_ops},
    {S_IFBLK, &plain_ops, &device_node_ops},
    {S_IFIFO, &plain_ops, &fifo_ops},
    {S_IFSOCK, &plain_ops, NULL},
};

static const struct tmpfs_kind *kind_find(mode_t mode)
{
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        if (kinds[i].type == (mode & S_IFMT))
            return &kinds[i];
    return NULL;
}

/* What a new inode keeps in private: 0 or -ENOMEM. */
static int give_private(struct inode *inode, const struct inode_spec *spec)
{
    if (S_ISDIR(spec->mode)) {
        inode->private = tmpfs_dir_alloc();
        inode->nlink = 2;
        return inode->private ? 0 : -ENOMEM;
    }
    if (S_ISLNK(spec->mode)) {
        inode->size = strlen(spec->target);
        inode->private = kmalloc(inode->size + 1, 0);
        if (!inode->private)
            return -ENOMEM;
        memcpy(inode->private, spec->target, inode->size + 1);
    }
    return 0;
}

/* A file without a name, one reference; or ERR_PTR. */
static struct inode *make_inode(struct super_block *sb, const struct inode_spec *spec)
{
    const struct tmpfs_kind *kind = kind_find(spec->mode);
    struct inode *inode;

    if (!kind)
        return ERR_PTR(-EINVAL);
    inode = inode_create(sb, ++tmpfs_volume(sb)->last_number, spec->mode);
    if (!inode)
        return ERR_PTR(-ENOMEM);
    inode->uid = spec->uid;
    inode->gid = spec->gid;
    inode->rdev = spec->rdev;
    inode->ops = kind->ops;
    inode->file_ops = kind->file_ops;
    pseudo_set_times(inode);
    if (S_ISREG(spec->mode))
        page_cache_init(&inode->cache, &tmpfs_cache_ops, inode);
    if (!give_private(inode, spec))
        return inode;
    inode_put(inode);
    return ERR_PTR(-ENOMEM);
}

static int op_create(struct inode *dir, const char *name, size_t len, const struct inode_spec *spec,
                     struct inode **made)
{
    struct inode *inode = make_inode(dir->sb, spec);
    int error;

    if (IS_ERR(inode))
        return (int)PTR_ERR(inode);
    error = add_name(dir, name, len, inode);
    if (error) {
        inode_put(inode);
        return error;
    }
    if (S_ISDIR(spec->mode))
        dir->nlink++;
    inode_ref(inode);
    *made = inode;
    return 0;
}

static void tmpfs_statfs(struct super_block *sb, struct statfs_info *st)
{
    struct tmpfs_volume *volume = tmpfs_volume(sb);
    uint64_t pages = MIN(volume->pages, volume->page_limit);
    uint64_t names = MIN(volume->names, volume->name_limit);

    *st = (struct statfs_info){
        .type = TMPFS_MAGIC,
        .block_size = PAGE_SIZE,
        .blocks = volume->page_limit,
        .blocks_free = volume->page_limit - pages,
        .blocks_available = volume->page_limit - pages,
        .files = volume->name_limit,
        .files_free = volume->name_limit - names,
        .name_max = NAME_MAX,
    };
}

static const struct super_ops tmpfs_super_ops = {.statfs = tmpfs_statfs};

struct super_block *tmpfs_create(uint64_t page_limit, uint64_t name_limit)
{
    const struct inode_spec root = {.mode = ROOT_MODE};
    struct tmpfs_volume *volume = kmalloc(sizeof(*volume), ALLOC_ZERO);
    struct super_block *sb;

    if (!volume)
        return ERR_PTR(-ENOMEM);
    volume->page_limit = page_limit;
    volume->name_limit = name_limit;
    sb = &volume->sb;
    sb->ops = &tmpfs_super_ops;
    sb->fs_name = tmpfs_type.name;
    sb->dev = TMPFS_DEV;
    sb->private = volume;
    sb->root = make_inode(sb, &root);
    if (!IS_ERR(sb->root))
        return sb;
    kmfree(volume);
    return ERR_PTR(-ENOMEM);
}

static struct super_block *tmpfs_mount(struct block_device *dev, bool read_only)
{
    (void)dev;
    (void)read_only;
    return tmpfs_create(page_total() / SHARE, page_total() / SHARE);
}

void tmpfs_check(const struct inode *dir)
{
    tmpfs_dir_check(dir->private);
}

const struct fs_type tmpfs_type = {.name = "tmpfs", .mount = tmpfs_mount};
