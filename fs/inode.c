/*
 * The table of inodes: see fs/inode.h.
 *
 *     reading    in the hash, not ready, its reader holds inode->lock; others wait for that
 *     in use     in the hash, ready, refs > 0
 *     unused     in the hash and on the unused list, refs == 0: found again, or freed
 *     private    in no hash (pipes and other objects without a number); freed by its last put
 *
 * A reference from 0 to 1 or from 1 to 0 is taken and given under the table's lock, all others
 * without. A read that fails takes the inode out of the hash; those who waited for it try again and
 * get the error themselves.
 *
 * The shrinker passes over inodes that still have pages: the page cache drops those first, and a
 * read-ahead may be on its way to them.
 *
 * Lock order: inode->lock (of a directory), then the table's; nothing is taken inside that.
 */
#include "fs/inode.h"

#include <stdatomic.h>

#include "fs/hash_table.h"
#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/slab.h"
#include "sched/task.h"

#define DEFAULT_BLOCK_SIZE PAGE_SIZE
#define SHRINK_PAGES       (GIB >> PAGE_SHIFT) /* as much as anybody wants at once */

static struct spinlock table_lock = SPINLOCK_INIT("inode table");
static struct hash_table table; /* lists under table_lock */
/* Under table_lock: inodes that nobody uses, the longest unused first; counts. */
static struct list_head unused_list = LIST_HEAD_INIT(unused_list);
static size_t inode_total, unused_total;
static struct slab_cache *inode_slab;

static struct list_head *inode_bucket(struct super_block *sb, uint64_t ino)
{
    return hash_table_bucket(&table, ino ^ (uintptr_t)sb);
}

static struct inode *inode_alloc(struct super_block *sb, uint64_t ino)
{
    struct inode *inode = slab_alloc(inode_slab, ALLOC_ZERO);

    if (!inode)
        return NULL;
    inode->sb = sb;
    inode->ino = ino;
    inode->refs = 1;
    inode->nlink = 1;
    inode->block_size = DEFAULT_BLOCK_SIZE;
    list_init(&inode->hash_link);
    list_init(&inode->lru_link);
    mutex_init(&inode->lock);
    page_cache_init(&inode->cache, NULL, inode);
    return inode;
}

/* Frees an inode that nobody can find any more. */
static void inode_free(struct inode *inode)
{

    assert(inode->refs == 0 && list_empty(&inode->hash_link) && list_empty(&inode->lru_link));
    page_cache_destroy(&inode->cache);
    if (inode->ready && inode->ops && inode->ops->evict)
        inode->ops->evict(inode);
    slab_free(inode_slab, inode);
    spin_lock(&table_lock);
    inode_total--;
    spin_unlock(&table_lock);
}

/* The inode with a reference more, or NULL; table_lock is held. */
static struct inode *inode_find_locked(struct super_block *sb, uint64_t ino)
{
    struct inode *inode;

    list_for_each_entry (inode, inode_bucket(sb, ino), hash_link) {
        if (inode->ino != ino || inode->sb != sb)
            continue;
        if (inode->refs++ == 0) {
            list_del(&inode->lru_link);
            unused_total--;
        }
        return inode;
    }
    return NULL;
}

static struct inode *inode_find(struct super_block *sb, uint64_t ino)
{
    struct inode *inode;

    spin_lock(&table_lock);
    inode = inode_find_locked(sb, ino);

    spin_unlock(&table_lock);
    return inode;
}

/* Puts a new inode into the hash, or returns the one that another task put there meanwhile. */
static struct inode *inode_publish(struct inode *fresh)
{
    struct inode *inode;

    spin_lock(&table_lock);
    inode = inode_find_locked(fresh->sb, fresh->ino);

    if (!inode) {
        list_add(&fresh->hash_link, inode_bucket(fresh->sb, fresh->ino));
        inode_total++;
        inode = fresh;
    }
    spin_unlock(&table_lock);
    return inode;
}

static void inode_unhash(struct inode *inode)
{
    spin_lock(&table_lock);
    list_del(&inode->hash_link);
    spin_unlock(&table_lock);
}

/* A new inode, read by its file system: -EAGAIN when another task was faster. */
static int inode_read_new(struct super_block *sb, uint64_t ino, struct inode **result)
{
    struct inode *fresh = inode_alloc(sb, ino);
    int error;

    if (!fresh)
        return -ENOMEM;
    mutex_lock(&fresh->lock);
    *result = inode_publish(fresh);
    if (*result != fresh) {
        mutex_unlock(&fresh->lock);
        slab_free(inode_slab, fresh);
        return -EAGAIN;
    }
    error = sb->ops->read_inode(fresh);
    if (error)
        inode_unhash(fresh); /* before those who wait for the lock look for it again */
    else
        fresh->ready = true;
    mutex_unlock(&fresh->lock);
    if (error)
        inode_put(fresh);
    return error;
}

struct inode *inode_get(struct super_block *sb, uint64_t ino)
{
    for (;;) {
        struct inode *inode = inode_find(sb, ino);

        if (!inode) {
            int error = inode_read_new(sb, ino, &inode);

            if (!error)
                return inode;
            if (error != -EAGAIN)
                return ERR_PTR(error);
        }
        if (!inode->ready) {
            mutex_lock(&inode->lock);
            mutex_unlock(&inode->lock);
        }
        if (inode->ready)
            return inode;
        inode_put(inode); /* its reader failed */
    }
}

struct inode *inode_create(struct super_block *sb, uint64_t ino, mode_t mode)
{
    struct inode *inode = inode_alloc(sb, ino);

    if (!inode)
        return NULL;
    inode->mode = mode;
    inode->ready = true;
    spin_lock(&table_lock);
    inode_total++;
    spin_unlock(&table_lock);
    return inode;
}

/* Gives one reference of several back without the lock; false when it may be the last. */
static bool inode_put_fast(struct inode *inode)
{
    uint32_t refs = inode->refs;

    while (refs > 1)
        if (atomic_compare_exchange_weak(&inode->refs, &refs, refs - 1))
            return true;
    return false;
}

void inode_put(struct inode *inode)
{
    bool dead = false;

    if (inode_put_fast(inode))
        return;
    spin_lock(&table_lock);
    assert(inode->refs > 0);
    if (--inode->refs == 0) {
        dead = list_empty(&inode->hash_link) || inode->nlink == 0;
        if (dead) {
            list_del(&inode->hash_link);
        } else {
            list_add_tail(&inode->lru_link, &unused_list);
            unused_total++;
        }
    }
    spin_unlock(&table_lock);
    if (dead)
        inode_free(inode);
}

/*
 * Takes up to `count` inodes without users out of the table: those of sb, or, when that is NULL,
 * those without pages.
 */
static void inode_take_unused(struct list_head *taken, const struct super_block *sb, size_t count)
{
    struct inode *inode, *next;

    spin_lock(&table_lock);
    list_for_each_entry_safe (inode, next, &unused_list, lru_link) {
        if (count == 0)
            break;
        if (sb ? inode->sb != sb : inode->cache.pages > 0)
            continue;
        assert(inode->refs == 0);
        list_del(&inode->hash_link);
        list_del(&inode->lru_link);
        list_add_tail(&inode->lru_link, taken);
        unused_total--;
        count--;
    }
    spin_unlock(&table_lock);
}

static void inode_free_list(struct list_head *taken)
{
    struct inode *inode, *next;

    list_for_each_entry_safe (inode, next, taken, lru_link) {
        list_del(&inode->lru_link);
        inode_free(inode);
    }
}

size_t inode_shrink(size_t want)
{
    struct list_head taken = LIST_HEAD_INIT(taken);

    inode_take_unused(&taken, NULL, MIN(want, SHRINK_PAGES) * (PAGE_SIZE / sizeof(struct inode)));
    if (list_empty(&taken))
        return 0;
    inode_free_list(&taken);
    return slab_drain();
}

/* Whether an inode of sb is in the table. */
static bool super_has_inodes(const struct super_block *sb)
{
    struct inode *inode;
    bool found = false;
    size_t i;

    spin_lock(&table_lock);
    for (i = 0; i < (size_t)1 << table.bits && !found; i++)
        list_for_each_entry (inode, &table.buckets[i], hash_link)
            found |= inode->sb == sb;
    spin_unlock(&table_lock);
    return found;
}

int inode_purge(struct super_block *sb)
{
    struct list_head taken = LIST_HEAD_INIT(taken);

    inode_take_unused(&taken, sb, SIZE_MAX);
    inode_free_list(&taken);
    return super_has_inodes(sb) ? -EBUSY : 0;
}

void inode_count(size_t *all, size_t *unused)
{
    spin_lock(&table_lock);
    *all = inode_total;
    *unused = unused_total;
    spin_unlock(&table_lock);
}

static bool in_group(const struct credentials *cred, gid_t own, gid_t gid)
{
    unsigned i;

    if (own == gid)
        return true;
    for (i = 0; i < cred->group_count; i++)
        if (cred->groups[i] == gid)
            return true;
    return false;
}

bool inode_owned(const struct inode *inode)
{
    uid_t uid = current_task()->process->cred.fsuid;

    return uid == 0 || uid == inode->uid;
}

bool inode_in_group(gid_t gid)
{
    const struct credentials *cred = &current_task()->process->cred;

    return in_group(cred, cred->fsgid, gid);
}

int inode_permission(struct inode *inode, unsigned mask)
{
    const struct credentials *cred = &current_task()->process->cred;
    bool real = current_task()->asks_as_real;
    uid_t uid = real ? cred->uid : cred->fsuid;
    gid_t gid = real ? cred->gid : cred->fsgid;
    mode_t mode = inode->mode;
    bool on_disk = S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode);

    if ((mask & MAY_WRITE) && on_disk && inode->sb->read_only)
        return -EROFS;
    if (uid == 0) {
        bool executable = S_ISDIR(mode) || (mode & 0111);

        return (mask & MAY_EXEC) && !executable ? -EACCES : 0;
    }
    if (uid == inode->uid)
        mode >>= 6;
    else if (in_group(cred, gid, inode->gid))
        mode >>= 3;
    return (mask & ~mode & (MAY_READ | MAY_WRITE | MAY_EXEC)) ? -EACCES : 0;
}

static void bucket_check(const struct list_head *bucket, size_t *hashed, size_t *unused)
{
    struct inode *inode;

    list_for_each_entry (inode, bucket, hash_link) {
        assert(inode_bucket(inode->sb, inode->ino) == bucket);
        assert(list_empty(&inode->lru_link) == (inode->refs > 0));
        (*hashed)++;
        *unused += inode->refs == 0;
    }
}

void inode_check(void)
{
    size_t i, hashed = 0, unused = 0, listed = 0;
    struct inode *inode;

    spin_lock(&table_lock);
    for (i = 0; i < (size_t)1 << table.bits; i++)
        bucket_check(&table.buckets[i], &hashed, &unused);
    list_for_each_entry (inode, &unused_list, lru_link) {
        assert(inode->refs == 0 && inode->ready && !list_empty(&inode->hash_link));
        listed++;
    }
    assert(hashed <= inode_total && unused == unused_total && listed == unused_total);
    spin_unlock(&table_lock);
}

void inode_init(void)
{
    hash_table_init(&table, "inodes");
    inode_slab = slab_cache_create("inode", sizeof(struct inode), 0, NULL);
    if (!inode_slab)
        panic("no memory for inodes");
    shrinker_register(inode_shrink);
}
