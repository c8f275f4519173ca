/*
 * The page cache: the pages of one object (a file, a block device, shared anonymous memory), found
 * by index. read, write, mmap, execve and the file systems' own metadata all go through it.
 *
 * States of a cached page:
 *
 *     locked, not up to date     its content is on the way (a read is in flight)
 *     up to date, clean          equals its source
 *     up to date, dirty          newer than its source; a file system has to write it
 *     error, not up to date      the read failed; the next one who needs it tries again
 *
 * The owner (inode, disk) embeds a struct page_cache and gives it a table of functions. Waiting
 * for a page: get it, wait for its lock bit, look at its state again.
 *
 * A page that leaves its cache (truncation, reclaim) has page->cache == NULL from then on; who
 * holds a reference may still read it, but must look it up again to be sure of its identity.
 *
 * Locks: cache->lock (spin, no interrupts) guards the tree; a page's lock bit guards its content's
 * arrival and its identity. Order: page lock bit, then cache->lock. I/O completion (interrupt
 * context) only sets flags and clears the lock bit.
 */
#pragma once

#include "kernel/spinlock.h"
#include "mm/alloc/page.h"
#include "mm/page_lock.h"
#include "mm/page_tree.h"

/* The most pages that one page_cache_read() starts to read, its own included. */
#define PAGE_CACHE_BATCH 33

struct page_cache;

struct page_cache_ops {
    /*
     * Starts reading `count` pages with consecutive indices, all locked and not up to date. For
     * each, page_read_done() is called once, perhaps later and in an interrupt. Never fails but
     * through that. NULL: pages start as zeroes (memory with nothing behind it).
     */
    void (*read_pages)(struct page_cache *cache, struct page **pages, size_t count);
    /*
     * Starts writing `count` dirty pages with consecutive indices, all locked. NULL: they are never
     * written (read-only, or nothing behind it).
     */
    void (*write_pages)(struct page_cache *cache, struct page **pages, size_t count);
    /*
     * A limit on the pages of caches with nothing behind them: charge before a page is made (false:
     * there is no room, -ENOSPC), uncharge when it has left. Under spin locks. NULL: no limit.
     */
    bool (*charge)(struct page_cache *cache);
    void (*uncharge)(struct page_cache *cache);
};

struct page_cache {
    struct spinlock lock;
    struct page_tree tree;            /* (c) */
    _Atomic uint64_t pages;           /* (c) to change, (a) to read */
    const struct page_cache_ops *ops; /* (i) */
    void *owner;                      /* (i) for ops */
    struct list_head mappings;        /* (c) struct vma.mapping_link: who maps it (for unmapping) */
};

void page_cache_init(struct page_cache *cache, const struct page_cache_ops *ops, void *owner);

/* Drops all pages, none of which may be mapped; waits for reads in flight. Ends the cache's use. */
void page_cache_destroy(struct page_cache *cache);

/*
 * Drops the pages from index `first` on; waits for I/O on them. The caller has made sure that no
 * new ones come, and afterwards unmaps those that are mapped. Sleeps.
 */
void page_cache_truncate(struct page_cache *cache, pgoff_t first);

/*
 * Takes the first page at or after index `first` out of the cache: locked, not dirty, with a
 * reference for the caller, who unmaps it and lets it go. NULL: there is none. Waits for I/O on it.
 */
struct page *page_cache_take(struct page_cache *cache, pgoff_t first);

/* Whether its pages may be changed: it can be written, or is memory with nothing behind it. */
static inline bool page_cache_writable(const struct page_cache *cache)
{
    return cache->ops->write_pages || !cache->ops->read_pages;
}

/* The page at index with a reference more, in whatever state, or NULL. Does not sleep. */
struct page *page_cache_find(struct page_cache *cache, pgoff_t index);

/*
 * Of the pages at [first, first + count), those that are up to date and not locked: fills pages
 * with a reference more on each, in order of index; returns how many. Does not sleep.
 */
size_t page_cache_find_ready(struct page_cache *cache, pgoff_t first, size_t count,
                             struct page **pages);

/*
 * The page at index, up to date, with a reference more: reads it if need be, and `ahead` pages
 * after it (but none at or past index `limit`, the end of the object in pages). Sleeps.
 * ERR_PTR(-ENOMEM), ERR_PTR(-ENOSPC), ERR_PTR(-EIO); ERR_PTR(-EINTR) when a fatal signal ends the
 * wait.
 */
struct page *page_cache_read(struct page_cache *cache, pgoff_t index, pgoff_t limit, size_t ahead);

/*
 * Starts reading those of `count` (up to PAGE_CACHE_BATCH) pages from index on, below limit, that
 * are not there; does not wait for them. 0, or -ENOMEM or -ENOSPC when not even the first could be
 * had.
 */
int page_cache_start(struct page_cache *cache, pgoff_t index, pgoff_t limit, size_t count);

/* Reading a page has ended: 0 or a negative errno. Any context. */
void page_read_done(struct page *page, int error);

/* A page's content has changed, or is about to; before the change can be seen. */
void page_set_dirty(struct page *page);

/* Counts for /proc/meminfo, in pages. */
uint64_t page_cache_total(void);

/*
 * Drops clean, unmapped, unlocked pages, least recently used first; returns how many. Registered as
 * a shrinker.
 */
size_t page_cache_shrink(size_t want);

/*
 * Drops a page that reclaim has isolated (page_lru.h), if it is clean, unmapped and nobody else has
 * a reference: true. Otherwise it goes back to its list: false. Either way it is unlocked.
 */
bool page_cache_release(struct page *page);

/* Locks, lists and shrinker of all caches; after slab_init(). */
void page_cache_init_all(void);

/* Asserts the tree's invariants. */
void page_cache_check(struct page_cache *cache);
