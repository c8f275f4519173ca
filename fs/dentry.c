/*
 * The cache of names: see fs/dentry.h.
 *
 *     in use    in the hash, refs > 0: held by users and by the names below it
 *     unused    in the hash and on the unused list, refs == 0: nothing below it
 *     prepared  in no hash, no parent: a name about to be made
 *     gone      in no hash (a root, or a name that no longer leads to its inode): freed by its
 *               last put
 *
 * Names are found by (parent, text). Putting the last reference to a name may put the last to its
 * parent, and so on upwards: a loop, since paths are long and kernel stacks are not.
 *
 * Lock order: a directory's inode->lock, then dentry_lock, then process_lock: whether a name of
 * /proc is still good depends on its process (inode_ops.valid).
 */
#include "fs/dentry.h"

#include <stdatomic.h>

#include "fs/hash_table.h"
#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "mm/alloc/slab.h"

/* FNV-1a's offset basis and prime, 64 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv). */
#define FNV_BASIS 0xcbf29ce484222325UL
#define FNV_PRIME 0x100000001b3UL

#define SHRINK_PAGES (GIB >> PAGE_SHIFT) /* as much as anybody wants at once */

static struct spinlock dentry_lock = SPINLOCK_INIT("dentry");
static struct hash_table table; /* lists under dentry_lock */
/* Under dentry_lock: names without references, the longest unused first; counts. */
static struct list_head unused_list = LIST_HEAD_INIT(unused_list);
static size_t dentry_total, unused_total;
static struct slab_cache *dentry_slab;

static struct list_head *name_bucket(struct dentry *parent, const char *name, size_t len)
{
    uint64_t hash = FNV_BASIS ^ (uintptr_t)parent;
    size_t i;

    for (i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)name[i]) * FNV_PRIME;
    return hash_table_bucket(&table, hash);
}

/* A dentry with one reference, in no hash, without parent and inode; NULL: memory is short. */
static struct dentry *dentry_alloc(const char *name, size_t len)
{
    struct dentry *dentry = slab_alloc(dentry_slab, ALLOC_ZERO);

    if (!dentry)
        return NULL;
    dentry->name = kmalloc(len + 1, 0);
    if (!dentry->name) {
        slab_free(dentry_slab, dentry);
        return NULL;
    }
    memcpy(dentry->name, name, len);
    dentry->name[len] = '\0';
    dentry->name_len = len;
    dentry->refs = 1;
    list_init(&dentry->hash_link);
    list_init(&dentry->lru_link);
    spin_lock(&dentry_lock);
    dentry_total++;
    spin_unlock(&dentry_lock);
    return dentry;
}

/* Frees a dentry that nobody can find, but not its references to parent and inode. */
static void dentry_free(struct dentry *dentry)
{
    assert(list_empty(&dentry->hash_link) && list_empty(&dentry->lru_link));
    spin_lock(&dentry_lock);
    dentry_total--;
    spin_unlock(&dentry_lock);
    kmfree(dentry->name);
    slab_free(dentry_slab, dentry);
}

static bool dentry_is(const struct dentry *dentry, const struct dentry *parent, const char *name,
                      size_t len)
{
    return dentry->parent == parent && dentry->name_len == len &&
           memcmp(dentry->name, name, len) == 0;
}

static bool dentry_valid(const struct dentry *dentry)
{
    const struct inode_ops *ops = dentry->inode->ops;

    return !ops || !ops->valid || ops->valid(dentry->inode);
}

/* Whether the name may stay cached without references. */
static bool dentry_keeps(const struct dentry *dentry)
{
    const struct inode_ops *ops = dentry->inode->ops;

    return !list_empty(&dentry->hash_link) && !(ops && ops->valid);
}

/* The cached dentry with a reference more, or NULL. */
static struct dentry *dentry_find(struct dentry *parent, const char *name, size_t len)
{
    struct list_head *bucket = name_bucket(parent, name, len);
    struct dentry *dentry, *found = NULL;

    spin_lock(&dentry_lock);
    list_for_each_entry (dentry, bucket, hash_link) {
        if (!dentry_is(dentry, parent, name, len))
            continue;
        if (!dentry_valid(dentry)) {
            assert(dentry->refs > 0);
            list_del(&dentry->hash_link); /* its users keep it until they put it */
            break;
        }
        if (dentry->refs++ == 0) {
            list_del(&dentry->lru_link);
            unused_total--;
        }
        found = dentry;
        break;
    }
    spin_unlock(&dentry_lock);
    return found;
}

void dentry_publish(struct dentry *dentry, struct dentry *parent, struct inode *inode)
{
    assert(!dentry->parent && list_empty(&dentry->hash_link));
    dentry->inode = inode;
    dentry_get(parent);
    dentry->parent = parent;
    spin_lock(&dentry_lock);
    list_add(&dentry->hash_link, name_bucket(parent, dentry->name, dentry->name_len));
    spin_unlock(&dentry_lock);
}

/* Asks the file system; the directory's lock is held. */
static struct dentry *dentry_lookup_new(struct dentry *parent, const char *name, size_t len)
{
    struct inode *dir = parent->inode;
    struct dentry *dentry = dentry_alloc(name, len);
    int error;

    if (!dentry)
        return ERR_PTR(-ENOMEM);
    error = dir->ops->lookup(dir, name, len, &dentry->inode);
    if (error) {
        dentry_free(dentry);
        return ERR_PTR(error);
    }
    dentry_publish(dentry, parent, dentry->inode);
    return dentry;
}

struct dentry *dentry_lookup_locked(struct dentry *parent, const char *name, size_t len)
{
    struct dentry *dentry;

    assert(mutex_held(&parent->inode->lock));
    if (len > NAME_MAX)
        return ERR_PTR(-ENAMETOOLONG);
    dentry = dentry_find(parent, name, len);
    return dentry ? dentry : dentry_lookup_new(parent, name, len);
}

struct dentry *dentry_lookup(struct dentry *parent, const char *name, size_t len)
{
    struct inode *dir = parent->inode;
    struct dentry *dentry;

    if (!S_ISDIR(dir->mode) || !dir->ops || !dir->ops->lookup)
        return ERR_PTR(-ENOTDIR);
    if (len > NAME_MAX)
        return ERR_PTR(-ENAMETOOLONG);
    dentry = dentry_find(parent, name, len);
    if (dentry)
        return dentry;
    mutex_lock(&dir->lock);
    dentry = dentry_lookup_locked(parent, name, len); /* another task may have been faster */
    mutex_unlock(&dir->lock);
    return dentry;
}

struct dentry *dentry_prepare(const char *name, size_t len)
{
    return dentry_alloc(name, len);
}

void dentry_abandon(struct dentry *dentry)
{
    assert(!dentry->parent && !dentry->inode);
    dentry_free(dentry);
}

void dentry_drop(struct dentry *dentry)
{
    assert(dentry->refs > 0 && mutex_held(&dentry->parent->inode->lock));
    spin_lock(&dentry_lock);
    list_del(&dentry->hash_link);
    spin_unlock(&dentry_lock);
}

/* Exchanges the texts of two names; dentry_lock is held, neither is in the hash. */
static void swap_names(struct dentry *a, struct dentry *b)
{
    char *name = a->name;
    size_t len = a->name_len;

    a->name = b->name;
    a->name_len = b->name_len;
    b->name = name;
    b->name_len = len;
}

static void rehash_locked(struct dentry *dentry)
{
    list_add(&dentry->hash_link, name_bucket(dentry->parent, dentry->name, dentry->name_len));
}

void dentry_move(struct dentry *dentry, struct dentry *parent, struct dentry *to)
{
    struct dentry *old = dentry->parent;

    dentry_get(parent);
    spin_lock(&dentry_lock);
    assert(dentry->refs > 0 && !list_empty(&dentry->hash_link));
    list_del(&dentry->hash_link);
    swap_names(dentry, to);
    dentry->parent = parent;
    rehash_locked(dentry);
    spin_unlock(&dentry_lock);
    dentry_put(old);
    dentry_abandon(to);
}

void dentry_exchange(struct dentry *a, struct dentry *b)
{
    struct dentry *parent;

    spin_lock(&dentry_lock);
    assert(a->refs > 0 && b->refs > 0);
    list_del(&a->hash_link);
    list_del(&b->hash_link);
    swap_names(a, b);
    parent = a->parent;
    a->parent = b->parent; /* with their references */
    b->parent = parent;
    rehash_locked(a);
    rehash_locked(b);
    spin_unlock(&dentry_lock);
}

struct dentry *dentry_get_parent(struct dentry *dentry)
{
    struct dentry *parent;

    spin_lock(&dentry_lock);
    parent = dentry->parent;
    dentry_get(parent);
    spin_unlock(&dentry_lock);
    return parent;
}

static bool dropped_locked(const struct dentry *dentry)
{
    return dentry->parent != dentry && list_empty(&dentry->hash_link);
}

bool dentry_dropped(struct dentry *dentry)
{
    bool dropped;

    spin_lock(&dentry_lock);
    dropped = dropped_locked(dentry);
    spin_unlock(&dentry_lock);
    return dropped;
}

struct dentry *dentry_create_root(struct inode *inode)
{
    struct dentry *dentry = dentry_alloc("", 0);

    if (!dentry)
        return NULL;
    dentry->inode = inode;
    dentry->parent = dentry;
    return dentry;
}

/* Gives one reference of several back without the lock; false when it may be the last. */
static bool dentry_put_fast(struct dentry *dentry)
{
    uint32_t refs = dentry->refs;

    while (refs > 1)
        if (atomic_compare_exchange_weak(&dentry->refs, &refs, refs - 1))
            return true;
    return false;
}

/* Gives the last reference back: true when the dentry is now nobody's and has to be freed. */
static bool dentry_put_last(struct dentry *dentry)
{
    bool dead = false;

    spin_lock(&dentry_lock);
    assert(dentry->refs > 0);
    if (--dentry->refs == 0) {
        dead = !dentry_keeps(dentry);
        if (dead) {
            list_del(&dentry->hash_link);
        } else {
            list_add_tail(&dentry->lru_link, &unused_list);
            unused_total++;
        }
    }
    spin_unlock(&dentry_lock);
    return dead;
}

/* Frees a dead dentry: returns its parent, whose reference is now the caller's; NULL: a root. */
static struct dentry *dentry_bury(struct dentry *dentry)
{
    struct dentry *parent = dentry->parent;

    inode_put(dentry->inode);
    if (parent == dentry)
        parent = NULL;
    dentry_free(dentry);
    return parent;
}

void dentry_put(struct dentry *dentry)
{
    while (dentry && !dentry_put_fast(dentry)) {
        if (!dentry_put_last(dentry))
            return;
        dentry = dentry_bury(dentry);
    }
}

/* Puts "/" and the name in front of what buf holds from *at on; false: no room. */
static bool prepend(char *buf, size_t *at, const char *name, size_t len)
{
    if (*at < len + 1)
        return false;
    *at -= len;
    memcpy(buf + *at, name, len);
    buf[--*at] = '/';
    return true;
}

/* The path's text to the end of buf, [*at, size - 1); dentry_lock is held. */
static int path_build(struct dentry *dentry, struct dentry *root, char *buf, size_t *at)
{
    while (dentry != root) {
        if (dentry->parent != dentry) {
            if (!prepend(buf, at, dentry->name, dentry->name_len))
                return -ERANGE;
            dentry = dentry->parent;
        } else if (dentry->mount && dentry->mount->covered) {
            dentry = dentry->mount->covered;
        } else {
            return root ? -ENOENT : 0;
        }
    }
    return 0;
}

ssize_t dentry_path(struct dentry *dentry, struct dentry *root, char *buf, size_t size)
{
    static const char mark[] = " (deleted)";
    size_t at = size - 1, len;
    int error = 0;

    if (size < sizeof("/"))
        return -ERANGE;
    spin_lock(&dentry_lock);
    if (dropped_locked(dentry)) {
        error = at < sizeof(mark) ? -ERANGE : 0;
        if (!error)
            memcpy(buf + (at -= sizeof(mark) - 1), mark, sizeof(mark) - 1);
    }
    if (!error)
        error = path_build(dentry, root, buf, &at);
    spin_unlock(&dentry_lock);
    if (error)
        return error;
    if (at == size - 1)
        buf[--at] = '/';
    len = size - 1 - at;
    memmove(buf, buf + at, len);
    buf[len] = '\0';
    return (ssize_t)len;
}

/* Takes up to `count` unused names out of the cache; returns how many. */
static size_t dentry_take_unused(struct list_head *taken, size_t count)
{
    size_t n;

    spin_lock(&dentry_lock);
    for (n = 0; n < count && !list_empty(&unused_list); n++) {
        struct dentry *dentry = list_first_entry(&unused_list, struct dentry, lru_link);

        assert(dentry->refs == 0);
        list_del(&dentry->hash_link);
        list_del(&dentry->lru_link);
        list_add_tail(&dentry->lru_link, taken);
        unused_total--;
    }
    spin_unlock(&dentry_lock);
    return n;
}

size_t dentry_shrink(size_t want)
{
    size_t left = MIN(want, SHRINK_PAGES) * (PAGE_SIZE / sizeof(struct dentry)), n, all = 0;
    struct list_head taken = LIST_HEAD_INIT(taken);
    struct dentry *dentry, *next;

    while ((n = dentry_take_unused(&taken, left - all)) > 0) {
        list_for_each_entry_safe (dentry, next, &taken, lru_link) {
            list_del(&dentry->lru_link);
            dentry_put(dentry_bury(dentry)); /* its parent may now be unused: another round */
        }
        all += n;
    }
    return all > 0 ? slab_drain() : 0;
}

void dentry_count(size_t *all, size_t *unused)
{
    spin_lock(&dentry_lock);
    *all = dentry_total;
    *unused = unused_total;
    spin_unlock(&dentry_lock);
}

static void bucket_check(const struct list_head *bucket, size_t *hashed, size_t *unused)
{
    struct dentry *dentry;

    list_for_each_entry (dentry, bucket, hash_link) {
        assert(name_bucket(dentry->parent, dentry->name, dentry->name_len) == bucket);
        assert(dentry->parent != dentry && dentry->parent->refs > 0);
        assert(dentry->inode->refs > 0);
        assert(list_empty(&dentry->lru_link) == (dentry->refs > 0));
        (*hashed)++;
        *unused += dentry->refs == 0;
    }
}

void dentry_check(void)
{
    size_t i, hashed = 0, unused = 0, listed = 0;
    struct dentry *dentry;

    spin_lock(&dentry_lock);
    for (i = 0; i < (size_t)1 << table.bits; i++)
        bucket_check(&table.buckets[i], &hashed, &unused);
    list_for_each_entry (dentry, &unused_list, lru_link) {
        assert(dentry->refs == 0 && !list_empty(&dentry->hash_link));
        listed++;
    }
    assert(hashed <= dentry_total && unused == unused_total && listed == unused_total);
    spin_unlock(&dentry_lock);
}

void dentry_init(void)
{
    hash_table_init(&table, "names");
    dentry_slab = slab_cache_create("dentry", sizeof(struct dentry), 0, NULL);
    if (!dentry_slab)
        panic("no memory for names");
    shrinker_register(dentry_shrink);
}
