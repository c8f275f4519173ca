/*
 * The page cache. Two readers of the same absent page: the first inserts it locked and starts the
 * read, the second finds it and waits for the lock bit. The races, all resolved by looking again:
 *
 *     lookup against removal     a lookup takes its reference under cache->lock; reclaim drops only
 *                                pages whose one reference is the cache's, under the same lock
 *     wait against truncation    after the wait page->cache is looked at: gone means start over
 *     reclaim against the end    page_cache_destroy() takes each page's lock bit, so a page that
 *                                reclaim has isolated keeps its cache alive until it is let go
 *
 * Allocation never happens under cache->lock: pages and tree nodes are made first, and thrown away
 * if somebody else was faster.
 */
#include "mm/page_cache.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/buddy.h"
#include "mm/page_lru.h"
#include "sched/signal.h"

/* Pages that reclaim tries for each that it is to free. */
#define SHRINK_TRIES 8

static _Atomic uint64_t total_pages;

/* Pages of one cache with consecutive indices, inserted and locked, not yet handed to read_pages.
 */
struct read_batch {
    struct page_cache *cache;
    struct page_tree_reserve reserve;
    size_t count;
    struct page *pages[PAGE_CACHE_BATCH];
};

void page_cache_init(struct page_cache *cache, const struct page_cache_ops *ops, void *owner)
{
    spin_init(&cache->lock, "page_cache");
    page_tree_init(&cache->tree);
    cache->pages = 0;
    cache->ops = ops;
    cache->owner = owner;
    list_init(&cache->mappings);
}

static bool charge(struct page_cache *cache)
{
    return !cache->ops->charge || cache->ops->charge(cache);
}

static void uncharge(struct page_cache *cache)
{
    if (cache->ops && cache->ops->uncharge)
        cache->ops->uncharge(cache);
}

/* Takes a locked page out of its cache; cache->lock is held. The cache's reference is the caller's.
 */
static void remove_locked(struct page_cache *cache, struct page *page)
{
    assert(page_test(page, PAGE_LOCKED) && page->cache == cache);
    page_tree_remove(&cache->tree, page->index);
    page->cache = NULL;
    page_clear_flag(page, PAGE_CACHED);
    cache->pages--;
    total_pages--;
    uncharge(cache);
}

/* The first page at or after index with a reference more, or NULL. */
static struct page *get_next(struct page_cache *cache, pgoff_t index)
{
    struct page *page;

    spin_lock(&cache->lock);
    page = page_tree_next(&cache->tree, index);
    if (page)
        page_get(page);
    spin_unlock(&cache->lock);
    return page;
}

struct page *page_cache_take(struct page_cache *cache, pgoff_t first)
{
    struct page *page;

    while ((page = get_next(cache, first))) {
        bool ours;

        page_lock(page);
        spin_lock(&cache->lock);
        ours = page->cache == cache; /* reclaim may have been faster */
        if (ours)
            remove_locked(cache, page);
        spin_unlock(&cache->lock);
        if (ours) {
            page_lru_remove(page);
            page_clear_flag(page, PAGE_DIRTY);
            page_put(page); /* the cache's; the one of get_next() is the caller's */
            return page;
        }
        page_unlock(page);
        page_put(page);
    }
    return NULL;
}

void page_cache_truncate(struct page_cache *cache, pgoff_t first)
{
    struct page *page;

    while ((page = page_cache_take(cache, first))) {
        page_unlock(page);
        page_put(page);
    }
}

void page_cache_destroy(struct page_cache *cache)
{
    assert(list_empty(&cache->mappings));
    page_cache_truncate(cache, 0);
    assert(cache->pages == 0 && !cache->tree.root);
}

struct page *page_cache_find(struct page_cache *cache, pgoff_t index)
{
    struct page *page;

    spin_lock(&cache->lock);
    page = page_tree_find(&cache->tree, index);
    if (page)
        page_get(page);
    spin_unlock(&cache->lock);
    return page;
}

size_t page_cache_find_ready(struct page_cache *cache, pgoff_t first, size_t count,
                             struct page **pages)
{
    size_t found = 0;
    struct page *page;

    spin_lock(&cache->lock);
    for (pgoff_t index = first; index < first + count; index++) {
        page = page_tree_find(&cache->tree, index);
        if (!page || !page_test(page, PAGE_UPTODATE) || page_test(page, PAGE_LOCKED))
            continue;
        page_get(page);
        pages[found++] = page;
    }
    spin_unlock(&cache->lock);
    return found;
}

/* Gives back a page that was made for the cache and did not get in; returns result. */
static struct page *discard_new(struct page_cache *cache, struct page *page, struct page *result)
{
    page_clear_flag(page, PAGE_CACHED | PAGE_LOCKED);
    page_put(page);
    uncharge(cache);
    return result;
}

/*
 * Makes a page for index, if there is none, and inserts it: locked, or zeroed and up to date where
 * nothing is behind the cache. Returns it without a reference for the caller (a locked page stays,
 * others may be gone at once); NULL when there is one already; ERR_PTR(-ENOMEM, -ENOSPC).
 */
static struct page *insert_new(struct page_cache *cache, pgoff_t index,
                               struct page_tree_reserve *reserve)
{
    bool memory = !cache->ops->read_pages;
    struct page *page, *there;
    unsigned need;

    if (!charge(cache))
        return ERR_PTR(-ENOSPC);
    page = page_alloc(memory ? ALLOC_ZERO : 0);
    if (!page) {
        uncharge(cache);
        return ERR_PTR(-ENOMEM);
    }
    page->index = index;
    page_set(page, PAGE_CACHED | (memory ? PAGE_UPTODATE : PAGE_LOCKED));
    for (;;) {
        spin_lock(&cache->lock);
        there = page_tree_find(&cache->tree, index);
        need = page_tree_need(&cache->tree, index);
        if (there || need <= reserve->count)
            break;
        spin_unlock(&cache->lock);
        if (page_tree_reserve_fill(reserve, need))
            return discard_new(cache, page, ERR_PTR(-ENOMEM));
    }
    if (there) {
        spin_unlock(&cache->lock);
        return discard_new(cache, page, NULL);
    }
    page->cache = cache;
    page_tree_insert(&cache->tree, index, page, reserve);
    page_lru_add(page);
    cache->pages++;
    total_pages++;
    spin_unlock(&cache->lock);
    return page;
}

static void batch_submit(struct read_batch *batch)
{
    if (batch->count > 0)
        batch->cache->ops->read_pages(batch->cache, batch->pages, batch->count);
    batch->count = 0;
}

static bool is_there(struct page_cache *cache, pgoff_t index)
{
    bool there;

    spin_lock(&cache->lock);
    there = page_tree_find(&cache->tree, index);
    spin_unlock(&cache->lock);
    return there;
}

int page_cache_start(struct page_cache *cache, pgoff_t index, pgoff_t limit, size_t count)
{
    struct read_batch batch = {.cache = cache};
    bool memory = !cache->ops->read_pages;
    pgoff_t end = index + (memory ? 1 : MIN(count, (size_t)PAGE_CACHE_BATCH));
    int error = 0;

    for (pgoff_t i = index; i < end && (i < limit || i == index); i++) {
        struct page *page = is_there(cache, i) ? NULL : insert_new(cache, i, &batch.reserve);

        if (IS_ERR(page)) {
            error = i == index ? (int)PTR_ERR(page) : 0;
            break;
        }
        if (!page)
            batch_submit(&batch); /* a hole in the run */
        else if (!memory)
            batch.pages[batch.count++] = page;
    }
    batch_submit(&batch);
    page_tree_reserve_free(&batch.reserve);
    return error;
}

/* Starts the read of a page again that is there, but neither up to date nor on its way. */
static void read_again(struct page_cache *cache, struct page *page)
{
    if (!page_trylock(page))
        return;
    if (page_test(page, PAGE_UPTODATE) || page->cache != cache) {
        page_unlock(page);
        return;
    }
    page_clear_flag(page, PAGE_ERROR);
    cache->ops->read_pages(cache, &page, 1);
}

/* The page at index with a reference more, its read at least started; or ERR_PTR(-ENOMEM). */
static struct page *find_or_start(struct page_cache *cache, pgoff_t index, pgoff_t limit,
                                  size_t ahead)
{
    bool started = false;
    struct page *page;

    while (!(page = page_cache_find(cache, index))) {
        int error = page_cache_start(cache, index, limit, 1 + ahead);

        if (error)
            return ERR_PTR(error);
        started = true;
    }
    if (!started && !page_test(page, PAGE_UPTODATE))
        read_again(cache, page);
    return page;
}

/*
 * What a failed read means to one who waited for it: want of memory is worth telling from a broken
 * disk (the caller may find some); that the reader was killed is another task's business, so try
 * again: 0.
 */
static int error_of(const struct page *page)
{
    switch (page->read_error) {
    case -ENOMEM:
        return -ENOMEM;
    case -EINTR:
        return signal_fatal_pending() ? -EINTR : 0;
    default:
        return -EIO;
    }
}

struct page *page_cache_read(struct page_cache *cache, pgoff_t index, pgoff_t limit, size_t ahead)
{
    for (;;) {
        struct page *page = find_or_start(cache, index, limit, ahead);
        int error;

        if (IS_ERR(page))
            return page;
        error = page_test(page, PAGE_UPTODATE) ? 0 : page_wait_unlocked(page);
        if (!error && page_test(page, PAGE_UPTODATE)) {
            page_set(page, PAGE_REFERENCED);
            return page;
        }
        if (!error && page_test(page, PAGE_ERROR))
            error = error_of(page);
        page_put(page);
        if (error)
            return ERR_PTR(error);
        /* It left the cache, or a new read of it has begun. */
    }
}

void page_read_done(struct page *page, int error)
{
    assert(page_test(page, PAGE_LOCKED) && !page_test(page, PAGE_UPTODATE));
    if (error)
        page->read_error = error;
    page_set(page, error ? PAGE_ERROR : PAGE_UPTODATE);
    page_unlock(page);
}

void page_set_dirty(struct page *page)
{
    if (!page_test(page, PAGE_DIRTY))
        page_set(page, PAGE_DIRTY);
    if (page_test(page, PAGE_ICACHE))
        page_clear_flag(page, PAGE_ICACHE);
}

uint64_t page_cache_total(void)
{
    return total_pages;
}

bool page_cache_release(struct page *page)
{
    struct page_cache *cache = page->cache;
    bool drop;

    spin_lock(&cache->lock);
    drop = page->refs == 1 && page->mapcount == 0 && !page_test(page, PAGE_DIRTY | PAGE_WRITEBACK);
    if (drop)
        remove_locked(cache, page);
    spin_unlock(&cache->lock);
    if (!drop)
        page_lru_putback(page);
    page_unlock(page);
    if (drop)
        page_put(page);
    return drop;
}

/*
 * Tries a few pages for each that is wanted: where nearly all are mapped, a search for the last
 * that is not would cost more than taking mapped ones (mm/reclaim.c). A page that gets its second
 * chance is not a try: it is passed over only once for each use, and when all were used lately the
 * search must still come to those that it can free.
 */
size_t page_cache_shrink(size_t want)
{
    size_t freed = 0, budget = 2 * page_lru_count();
    size_t tries = want < budget / SHRINK_TRIES ? want * SHRINK_TRIES : budget;
    struct page *page;

    for (; freed < want && tries > 0 && (page = page_lru_isolate(&budget)); tries--)
        freed += page_cache_release(page);
    return freed;
}

void page_cache_init_all(void)
{
    page_tree_init_all();
    page_lock_init_all();
    shrinker_register(page_cache_shrink);
}

void page_cache_check(struct page_cache *cache)
{
    struct page *page = NULL;

    spin_lock(&cache->lock);
    assert(page_tree_check(&cache->tree) == cache->pages);
    for (pgoff_t i = 0; (page = page_tree_next(&cache->tree, i)); i = page->index + 1) {
        assert(page->cache == cache && page_test(page, PAGE_CACHED));
        assert(page->refs >= 1 + page->mapcount && page->mapcount >= 0);
        assert(!(page_test(page, PAGE_UPTODATE) && page_test(page, PAGE_ERROR)));
        assert(!page_test(page, PAGE_DIRTY) || page_test(page, PAGE_UPTODATE));
        assert(page_test(page, PAGE_UPTODATE | PAGE_LOCKED | PAGE_ERROR));
    }
    spin_unlock(&cache->lock);
}
