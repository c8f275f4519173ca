/*
 * Names: a tree of the names that have been looked up, each with its inode. It answers path walks
 * without the file system, getcwd, /proc/PID/maps, and where a mount covers a directory.
 *
 * A dentry with references keeps its ancestors. One without stays cached until memory is short.
 * Names of inodes that can go away by themselves (inode_ops.valid) are cached only while they are
 * referenced. There are no negative entries (names that are known not to exist).
 *
 * Locks: one spin lock, the dentry lock, tagged (d), for the hash, the list of unused names, and a
 * dentry's name and parent, which a rename changes; who holds the parent's inode->lock may read
 * them too. Order: a directory's inode->lock, then the dentry lock, then the inode table's.
 */
#pragma once

#include "fs/inode.h"

#define NAME_MAX 255  /* Linux, limits.h */
#define PATH_MAX 4096 /* bytes with the NUL */

struct mount;

struct dentry {
    char *name;            /* (d) NUL-terminated; "" for a root */
    size_t name_len;       /* (d) */
    struct dentry *parent; /* (d) itself for the root of a file system; a reference */
    struct inode *inode;   /* (i) a reference */
    _Atomic uint32_t refs;
    struct list_head hash_link, lru_link; /* the dentry lock */
    _Atomic(struct mount *) mounted;      /* (a) set once: the mount that covers this directory */
    struct mount *mount; /* (i) root of a file system: the mount it is the root of */
};

/* One mounted file system: see fs/mount.h. */
struct mount {
    struct super_block *sb; /* (i) */
    struct dentry *root;    /* (i) a reference */
    struct dentry *covered; /* (i) a reference; NULL for the first */
    struct list_head link;  /* (i) in order of mounting */
};

/*
 * The dentry of name in directory `parent`, from the cache or by the file system's lookup: with a
 * reference more, or ERR_PTR(-ENOENT, -ENOTDIR, -ENAMETOOLONG, -EIO, -ENOMEM or what the file
 * system's lookup says). Takes parent->inode->lock where it asks the file system. Sleeps. Does not
 * know "." and "..", mounts, links: fs/path.c does.
 */
struct dentry *dentry_lookup(struct dentry *parent, const char *name, size_t len);

/* The same for a caller that holds parent->inode->lock; parent is a directory. */
struct dentry *dentry_lookup_locked(struct dentry *parent, const char *name, size_t len);

/*
 * A name that is about to be made: one reference, nobody finds it. NULL: memory is short. It ends
 * in dentry_publish(), as what dentry_move() takes its text from, or in dentry_abandon().
 */
struct dentry *dentry_prepare(const char *name, size_t len);
void dentry_abandon(struct dentry *dentry);

/* A prepared name leads to inode (its reference is taken over) in parent, whose lock is held. */
void dentry_publish(struct dentry *dentry, struct dentry *parent, struct inode *inode);

/* The name is no more: who has it keeps it, nobody finds it. The parent's lock is held. */
void dentry_drop(struct dentry *dentry);

/*
 * The file has another name now: that of `to`, which was prepared and is used up, in parent. The
 * locks of both directories are held. May sleep.
 */
void dentry_move(struct dentry *dentry, struct dentry *parent, struct dentry *to);

/* Two files exchange their names. The locks of both directories are held. */
void dentry_exchange(struct dentry *a, struct dentry *b);

/* The directory that dentry is in, with a reference more. */
struct dentry *dentry_get_parent(struct dentry *dentry);

/* Whether the name is no more (dentry_drop()). */
bool dentry_dropped(struct dentry *dentry);

/* A root dentry for this inode (takes its reference over on success); NULL: memory is short. */
struct dentry *dentry_create_root(struct inode *inode);

static inline void dentry_get(struct dentry *dentry)
{
    dentry->refs++;
}

/* Gives a reference back. May sleep. */
void dentry_put(struct dentry *dentry);

/*
 * The path from `root` (NULL: the very first) to dentry, over mounts, into buf, NUL-terminated:
 * its length, or -ERANGE, or -ENOENT (cannot be reached from root). " (deleted)" follows a name
 * that is no more.
 */
ssize_t dentry_path(struct dentry *dentry, struct dentry *root, char *buf, size_t size);

/*
 * Frees names without references, the longest unused first: returns the pages that came of it. A
 * shrinker.
 */
size_t dentry_shrink(size_t want);

/* How many names there are, and how many of them nobody uses. */
void dentry_count(size_t *all, size_t *unused);

/* Asserts the invariants of hash, tree and unused list. */
void dentry_check(void);

/* Once, at boot, after inode_init(). */
void dentry_init(void);
