/*
 * Changes of names: see fs/naming.h. Each goes like this: lock the directories, look the names up,
 * check, prepare what can fail, have the file system do it, bring the dentries up to date.
 *
 * A directory that was removed has nlink 0: nothing can be made in it any more.
 *
 * Lock order: rename_lock, a directory's lock, the lock of what is in it. Two directories of a
 * rename: the one further up first; where neither is above the other, the old one, which only
 * rename_lock makes safe. While that is held no directory moves, so who is above whom stays.
 *
 * Source of the rules and their order: rename(2), unlink(2), link(2), and what Linux 6.12 answers
 * where several errors apply.
 */
#include "fs/naming.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "sched/task.h"

static struct mutex rename_lock;

/* Whether names of this directory can change at all. */
static int check_writable(const struct inode *dir)
{
    if (dir->sb->read_only)
        return -EROFS;
    return dir->ops && dir->ops->create ? 0 : -EPERM;
}

/* Whether a name may be added; the lock is held. */
static int check_add(struct inode *dir)
{
    if (dir->nlink == 0)
        return -ENOENT;
    return inode_permission(dir, MAY_WRITE | MAY_EXEC);
}

/* Whether a name that leads to inode may go; the directory's lock is held. */
static int check_delete(struct inode *dir, const struct dentry *dentry, bool directory)
{
    const struct inode *inode = dentry->inode;
    int error = inode_permission(dir, MAY_WRITE | MAY_EXEC);

    if (error)
        return error;
    if (dir->mode & S_ISVTX && !inode_owned(inode) && !inode_owned(dir))
        return -EPERM;
    if (directory && !S_ISDIR(inode->mode))
        return -ENOTDIR;
    if (!directory && S_ISDIR(inode->mode))
        return -EISDIR;
    return dentry->mounted ? -EBUSY : 0;
}

/* Whether the name is free and may be made; the lock is held. */
static int check_free(const struct naming *at)
{
    struct dentry *there = dentry_lookup_locked(at->dir, at->name, at->len);
    int error;

    if (!IS_ERR(there)) {
        dentry_put(there);
        return -EEXIST;
    }
    if (there != ERR_PTR(-ENOENT))
        return (int)PTR_ERR(there);
    error = check_writable(at->dir->inode);
    return error ? error : check_add(at->dir->inode);
}

/* A directory with the set-group-id bit hands its group down: inode(7). */
static void inherit_group(const struct inode *dir, struct inode_spec *spec)
{
    if (!(dir->mode & S_ISGID))
        return;
    spec->gid = dir->gid;
    if (S_ISDIR(spec->mode))
        spec->mode |= S_ISGID;
}

static int create_locked(const struct naming *at, const struct inode_spec *spec,
                         struct dentry *fresh)
{
    struct inode *dir = at->dir->inode, *made;
    struct inode_spec own = *spec;
    int error = check_free(at);

    if (!error && at->slash && !S_ISDIR(spec->mode))
        error = -ENOENT;
    if (error)
        return error;
    inherit_group(dir, &own);
    error = dir->ops->create(dir, at->name, at->len, &own, &made);
    if (!error)
        dentry_publish(fresh, at->dir, made);
    return error;
}

/* A prepared name, or ERR_PTR. */
static struct dentry *prepare(const struct naming *at)
{
    struct dentry *fresh;

    if (at->len > NAME_MAX)
        return ERR_PTR(-ENAMETOOLONG);
    fresh = dentry_prepare(at->name, at->len);
    return fresh ? fresh : ERR_PTR(-ENOMEM);
}

int naming_create(const struct naming *at, const struct inode_spec *spec, struct dentry **made)
{
    struct inode *dir = at->dir->inode;
    struct dentry *fresh = prepare(at);
    int error;

    if (IS_ERR(fresh))
        return (int)PTR_ERR(fresh);
    mutex_lock(&dir->lock);
    error = create_locked(at, spec, fresh);
    mutex_unlock(&dir->lock);
    if (error)
        dentry_abandon(fresh);
    else if (made)
        *made = fresh;
    else
        dentry_put(fresh);
    return error;
}

static int link_locked(struct inode *inode, const struct naming *at)
{
    struct inode *dir = at->dir->inode;
    int error = check_free(at);

    if (!error && at->slash)
        error = -ENOENT;
    if (!error && S_ISDIR(inode->mode))
        error = -EPERM;
    if (error)
        return error;
    mutex_lock(&inode->lock);
    if (inode->nlink == 0)
        error = -ENOENT;
    else if (inode->nlink >= LINKS_MAX)
        error = -EMLINK;
    else
        error = dir->ops->link(dir, at->name, at->len, inode);
    mutex_unlock(&inode->lock);
    return error;
}

int naming_link(struct inode *inode, const struct naming *at)
{
    struct inode *dir = at->dir->inode;
    int error;

    if (inode->sb != dir->sb)
        return -EXDEV;
    mutex_lock(&dir->lock);
    error = link_locked(inode, at);
    mutex_unlock(&dir->lock);
    return error;
}

/* The name goes; both locks are held. */
static int remove_locked(const struct naming *at, struct dentry *victim)
{
    struct inode *dir = at->dir->inode, *inode = victim->inode;
    int error;

    if (S_ISDIR(inode->mode) && !inode->ops->empty(inode))
        return -ENOTEMPTY;
    error = dir->ops->remove(dir, at->name, at->len, inode);
    if (!error)
        dentry_drop(victim);
    return error;
}

int naming_remove(const struct naming *at, bool directory)
{
    struct inode *dir = at->dir->inode;
    struct dentry *victim;
    int error = check_writable(dir);

    if (error)
        return error;
    mutex_lock(&dir->lock);
    victim = dentry_lookup_locked(at->dir, at->name, at->len);
    error = IS_ERR(victim) ? (int)PTR_ERR(victim) : 0;
    if (!error && !directory && at->slash)
        error = S_ISDIR(victim->inode->mode) ? -EISDIR : -ENOTDIR;
    if (!error)
        error = check_delete(dir, victim, directory);
    if (!error) {
        mutex_lock(&victim->inode->lock);
        error = remove_locked(at, victim);
        mutex_unlock(&victim->inode->lock);
    }
    mutex_unlock(&dir->lock);
    if (!IS_ERR(victim))
        dentry_put(victim);
    return error;
}

/* A rename under way. */
struct renaming {
    const struct naming *from, *to;
    unsigned flags;
    struct dentry *source; /* a reference */
    struct dentry *target; /* a reference, or NULL: the new name is free */
    struct dentry *fresh;  /* the new name, prepared; used up by success */
};

/* Whether `above` is `below` or a directory above it; rename_lock is held. */
static bool is_above(const struct dentry *above, const struct dentry *below)
{
    while (below != above && below->parent != below)
        below = below->parent;
    return below == above;
}

static void lock_directories(const struct renaming *r)
{
    struct dentry *first = r->from->dir, *second = r->to->dir;

    if (is_above(second, first)) {
        first = r->to->dir;
        second = r->from->dir;
    }
    mutex_lock(&first->inode->lock);
    if (first->inode != second->inode)
        mutex_lock(&second->inode->lock);
}

static void unlock_directories(const struct renaming *r)
{
    mutex_unlock(&r->from->dir->inode->lock);
    if (r->from->dir->inode != r->to->dir->inode)
        mutex_unlock(&r->to->dir->inode->lock);
}

static int look_up(struct renaming *r)
{
    r->source = dentry_lookup_locked(r->from->dir, r->from->name, r->from->len);
    if (IS_ERR(r->source))
        return (int)PTR_ERR(r->source);
    r->target = dentry_lookup_locked(r->to->dir, r->to->name, r->to->len);
    if (!IS_ERR(r->target))
        return r->flags & RENAME_NOREPLACE ? -EEXIST : 0;
    if (r->target != ERR_PTR(-ENOENT))
        return (int)PTR_ERR(r->target);
    r->target = NULL;
    return r->flags & RENAME_EXCHANGE ? -ENOENT : 0;
}

/* What the places of the two names forbid. */
static int check_places(const struct renaming *r)
{
    bool directory = S_ISDIR(r->source->inode->mode);
    bool exchange = r->target && (r->flags & RENAME_EXCHANGE);

    if (exchange && r->to->slash && !S_ISDIR(r->target->inode->mode))
        return -ENOTDIR;
    if (!directory && (r->from->slash || (!exchange && r->to->slash)))
        return -ENOTDIR;
    if (is_above(r->source, r->to->dir))
        return -EINVAL;
    if (r->target && is_above(r->target, r->from->dir))
        return exchange ? -EINVAL : -ENOTEMPTY;
    return 0;
}

/* Whether a directory may get another one above it: that is a change of its "..". */
static int check_reparent(const struct renaming *r, const struct dentry *dentry)
{
    if (!dentry || !S_ISDIR(dentry->inode->mode) || r->from->dir == r->to->dir)
        return 0;
    return inode_permission(dentry->inode, MAY_WRITE);
}

static int check_rights(const struct renaming *r)
{
    bool directory = S_ISDIR(r->source->inode->mode);
    bool exchange = r->target && (r->flags & RENAME_EXCHANGE);
    bool other = exchange ? S_ISDIR(r->target->inode->mode) : directory;
    int error = check_delete(r->from->dir->inode, r->source, directory);

    if (!error && r->target)
        error = check_delete(r->to->dir->inode, r->target, other);
    else if (!error)
        error = check_add(r->to->dir->inode);
    if (!error)
        error = check_reparent(r, r->source);
    if (!error && exchange)
        error = check_reparent(r, r->target);
    return error;
}

/* All is checked: the files' own locks are taken, and the file system does it. */
static int rename_files(const struct renaming *r)
{
    struct inode *source = r->source->inode, *target = r->target ? r->target->inode : NULL;
    struct rename_args args = {
        .old_dir = r->from->dir->inode,
        .new_dir = r->to->dir->inode,
        .old_name = r->from->name,
        .new_name = r->to->name,
        .old_len = r->from->len,
        .new_len = r->to->len,
        .inode = source,
        .target = target,
        .exchange = r->flags & RENAME_EXCHANGE,
    };
    int error = 0;

    mutex_lock(&source->lock);
    if (target)
        mutex_lock(&target->lock);
    if (target && !args.exchange && S_ISDIR(target->mode) && !target->ops->empty(target))
        error = -ENOTEMPTY;
    if (!error)
        error = args.old_dir->ops->rename(&args);
    if (target)
        mutex_unlock(&target->lock);
    mutex_unlock(&source->lock);
    return error;
}

/* The dentries follow. */
static void rename_dentries(struct renaming *r)
{
    if (r->flags & RENAME_EXCHANGE) {
        dentry_exchange(r->source, r->target);
        return;
    }
    if (r->target)
        dentry_drop(r->target);
    dentry_move(r->source, r->to->dir, r->fresh);
    r->fresh = NULL;
}

static int rename_locked(struct renaming *r)
{
    int error = look_up(r);

    if (!error)
        error = check_places(r);
    if (error || (r->target && r->target->inode == r->source->inode))
        return error; /* two names of one file: nothing is done, rename(2) says */
    error = check_rights(r);
    if (!error)
        error = rename_files(r);
    if (!error)
        rename_dentries(r);
    return error;
}

static void renaming_end(struct renaming *r)
{
    if (r->fresh)
        dentry_abandon(r->fresh);
    if (r->source && !IS_ERR(r->source))
        dentry_put(r->source);
    if (r->target && !IS_ERR(r->target))
        dentry_put(r->target);
}

int naming_rename(const struct naming *from, const struct naming *to, unsigned flags)
{
    struct renaming r = {.from = from, .to = to, .flags = flags};
    int error;

    if (from->dir->inode->sb != to->dir->inode->sb)
        return -EXDEV;
    error = check_writable(from->dir->inode);
    if (error)
        return error;
    r.fresh = prepare(to);
    if (IS_ERR(r.fresh))
        return (int)PTR_ERR(r.fresh);
    mutex_lock(&rename_lock);
    lock_directories(&r);
    error = rename_locked(&r);
    unlock_directories(&r);
    mutex_unlock(&rename_lock);
    renaming_end(&r);
    return error;
}

void naming_init(void)
{
    mutex_init(&rename_lock);
}
