/*
 * The buddy allocator, in two layers:
 *
 *   hart caches   up to 32 single pages on each hart; most allocations and frees end here, without
 *                 a lock that another hart wants. Empty: 16 pages come from the zone at once; full:
 *                 the 16 that lie longest go back.
 *   zone          all other free memory: for each order a list of free blocks, one lock.
 *
 * A free block's head is PAGE_BUDDY with its order and stands on that order's list; the block's
 * other pages have no flags at all. A page in a hart's cache has no flags and no references, so it
 * never joins with its buddy until it is drained.
 *
 * The last few pages of the zone are a reserve that only ALLOC_ATOMIC takes: for a caller that
 * must not sleep while others wait for its progress (completions, the page tables under a lock).
 *
 * When an allocation fails: first the harts' caches are drained, then, unless ALLOC_ATOMIC, the
 * shrinkers are asked and it is tried again as long as they come up with something.
 *
 * Lock order: a hart's cache, then the zone. Both are taken with interrupts off and are the last
 * in the kernel's order: nothing is taken within. Shrinkers are called with neither.
 * Locks of fields: (h) the hart's cache, (z) the zone, (i) set once.
 */
#include "mm/alloc/buddy.h"

#include <stdatomic.h>

#include "kernel/hart.h"
#include "kernel/lock_order.h"
#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/page_ops.h"
#include "lib/string.h"
#include "mm/alloc/page_debug.h"

#define CACHE_PAGES 32u
#define CACHE_BATCH 16u

/* The reserve: this part of all memory, but no more than so many pages. */
#define RESERVE_SHARE     64
#define RESERVE_PAGES_MAX 128

#define SHRINK_PAGES_MIN 32 /* asked of the shrinkers at least: it is not worth it for one */
#define SHRINK_ROUNDS    16 /* others may take what the shrinkers gave; not for ever */

/* Flags with which no page may be freed. */
#define PAGE_IN_USE                                                                                \
    (PAGE_RESERVED | PAGE_BUDDY | PAGE_SLAB | PAGE_SLAB_TAIL | PAGE_CACHED | PAGE_LOCKED |         \
     PAGE_WRITEBACK)

struct hart_cache {
    struct spinlock lock;
    _Atomic uint32_t count;         /* (h) to write; moves with the zone's lock too, see below */
    struct page *page[CACHE_PAGES]; /* (h) the last is the one freed last */
};

static struct {
    struct spinlock lock;
    struct list_head free[BUDDY_ORDERS]; /* (z) heads of free blocks */
    uint64_t blocks[BUDDY_ORDERS];       /* (z) length of each list */
    uint64_t free_pages;                 /* (z) in all lists */
    uint64_t total;                      /* (i) pages given to the allocator */
    uint64_t reserve;                    /* (i) pages left to ALLOC_ATOMIC */
} zone;

static struct hart_cache hart_cache[MAX_HARTS];
static _Atomic uint64_t fail_countdown; /* (a) 0: no failure is injected */

/* -- Zone: all of these with zone.lock held ---------------------------------------------------- */

static void zone_insert(struct page *page, unsigned order)
{
    page->flags = PAGE_BUDDY;
    page->order = order;
    list_add(&page->link, &zone.free[order]);
    zone.blocks[order]++;
    zone.free_pages += BIT(order);
}

static void zone_remove(struct page *page)
{
    assert(page->flags == PAGE_BUDDY && page->refs == 0);
    list_del(&page->link);
    zone.blocks[page->order]--;
    zone.free_pages -= BIT(page->order);
    page->flags = 0;
}

/* The free block of this order at pfn, or NULL. */
static struct page *zone_block_at(pfn_t pfn, unsigned order)
{
    struct page *page;

    if (!pfn_has_page(pfn))
        return NULL;
    page = pfn_to_page(pfn);
    return page_test(page, PAGE_BUDDY) && page->order == order ? page : NULL;
}

/* Frees one block, aligned to its size, and joins it with its buddies. */
static void zone_free_block(pfn_t pfn, unsigned order)
{
    struct page *buddy;

    assert(spin_held(&zone.lock));
    while (order < BUDDY_ORDERS - 1 && (buddy = zone_block_at(pfn ^ BIT(order), order))) {
        zone_remove(buddy);
        pfn &= ~BIT(order);
        order++;
    }
    zone_insert(pfn_to_page(pfn), order);
}

/* Frees any run of pages, as the largest aligned blocks that it is made of. */
static void zone_free_run(pfn_t pfn, size_t count)
{
    while (count > 0) {
        unsigned order = BUDDY_ORDERS - 1;

        while (!IS_ALIGNED(pfn, BIT(order)) || BIT(order) > count)
            order--;
        zone_free_block(pfn, order);
        pfn += BIT(order);
        count -= BIT(order);
    }
}

/* Takes a block, splitting a larger one where none fits; NULL when there is none. */
static struct page *zone_take_block(unsigned order)
{
    unsigned from = order;
    struct page *page;

    assert(spin_held(&zone.lock));
    while (from < BUDDY_ORDERS && zone.blocks[from] == 0)
        from++;
    if (from == BUDDY_ORDERS)
        return NULL;
    page = list_first_entry(&zone.free[from], struct page, link);
    zone_remove(page);
    while (from > order) {
        from--;
        zone_insert(page + BIT(from), from);
    }
    return page;
}

static bool zone_may_take(uint64_t pages, unsigned flags)
{
    return zone.free_pages >= pages + (flags & ALLOC_ATOMIC ? 0 : zone.reserve);
}

static struct page *zone_alloc_run(size_t count, unsigned flags)
{
    unsigned order = log2_ceil(count);
    struct page *page = NULL;
    uint64_t irq = spin_lock_irqsave(&zone.lock);

    if (zone_may_take(BIT(order), flags))
        page = zone_take_block(order);
    if (page)
        zone_free_run(page_to_pfn(page) + count, BIT(order) - count);
    spin_unlock_irqrestore(&zone.lock, irq);
    return page;
}

/* -- Hart caches: all of these with the cache's lock held -------------------------------------- */

static uint32_t cache_count(struct hart_cache *cache)
{
    return atomic_load_explicit(&cache->count, memory_order_relaxed);
}

static void cache_set_count(struct hart_cache *cache, uint32_t count)
{
    atomic_store_explicit(&cache->count, count, memory_order_relaxed);
}

/* Pages move between cache and zone, and their counts change, under the zone's lock as well. */
static void cache_refill(struct hart_cache *cache, unsigned flags)
{
    uint32_t count = cache_count(cache);
    struct page *page;

    spin_lock(&zone.lock);
    while (count < CACHE_BATCH && zone_may_take(1, flags) && (page = zone_take_block(0)))
        cache->page[count++] = page;
    cache_set_count(cache, count);
    spin_unlock(&zone.lock);
}

/* Gives the n pages that lie longest back to the zone. */
static void cache_spill(struct hart_cache *cache, uint32_t n)
{
    uint32_t count = cache_count(cache);

    assert(n <= count);
    spin_lock(&zone.lock);
    for (uint32_t i = 0; i < n; i++)
        zone_free_block(page_to_pfn(cache->page[i]), 0);
    memmove(cache->page, cache->page + n, (count - n) * sizeof(cache->page[0]));
    cache_set_count(cache, count - n);
    spin_unlock(&zone.lock);
}

static struct page *cache_alloc(unsigned flags)
{
    uint64_t irq = irq_save();
    struct hart_cache *cache = &hart_cache[hart_index()];
    struct page *page = NULL;
    uint32_t count;

    spin_lock(&cache->lock);
    if (cache_count(cache) == 0)
        cache_refill(cache, flags);
    count = cache_count(cache);
    if (count > 0) {
        page = cache->page[count - 1];
        cache_set_count(cache, count - 1);
    }
    spin_unlock(&cache->lock);
    irq_restore(irq);
    return page;
}

static void cache_free(struct page *page)
{
    uint64_t irq = irq_save();
    struct hart_cache *cache = &hart_cache[hart_index()];
    uint32_t count;

    spin_lock(&cache->lock);
    if (cache_count(cache) == CACHE_PAGES)
        cache_spill(cache, CACHE_BATCH);
    count = cache_count(cache);
    cache->page[count] = page;
    cache_set_count(cache, count + 1);
    spin_unlock(&cache->lock);
    irq_restore(irq);
}

void buddy_drain(void)
{
    for (struct hart_cache *cache = hart_cache; cache < hart_cache + MAX_HARTS; cache++) {
        uint64_t irq;

        if (cache_count(cache) == 0)
            continue;
        irq = spin_lock_irqsave(&cache->lock);
        cache_spill(cache, cache_count(cache));
        spin_unlock_irqrestore(&cache->lock, irq);
    }
}

/* -- Allocation and freeing -------------------------------------------------------------------- */

void alloc_fail_nth(uint64_t n)
{
    atomic_store(&fail_countdown, n);
}

bool alloc_should_fail(void)
{
    if (likely(atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0))
        return false;
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

static struct page *try_alloc(size_t count, unsigned flags)
{
    return count == 1 ? cache_alloc(flags) : zone_alloc_run(count, flags);
}

/* The first try has failed. */
static struct page *alloc_slow(size_t count, unsigned flags)
{
    struct page *page;

    buddy_drain();
    page = try_alloc(count, flags);
    for (int round = 0; !page && !(flags & ALLOC_ATOMIC) && round < SHRINK_ROUNDS; round++) {
        if (shrink_all(MAX(count, (size_t)SHRINK_PAGES_MIN)) == 0)
            break;
        buddy_drain();
        page = try_alloc(count, flags);
    }
    return page;
}

/* Makes free pages an allocation of count pages. */
static void page_prepare(struct page *page, size_t count, unsigned flags)
{
    assert(page->flags == 0 && page->refs == 0);
    page_debug_alloc(page, count);
    page->cache = NULL;
    page->index = 0;
    page->mapcount = 0;
    page->block_pages = (uint32_t)count;
    page->flags = count > 1 ? PAGE_HEAD : 0;
    page->refs = 1;
    if (flags & ALLOC_ZERO)
        for (size_t i = 0; i < count; i++)
            page_clear(page_address(page + i));
}

struct page *page_alloc_run(size_t count, unsigned flags)
{
    struct page *page;

    assert(count > 0 && count <= BUDDY_MAX_PAGES);
    if (!(flags & ALLOC_ATOMIC))
        lock_order_may_sleep();
    if (alloc_should_fail())
        return NULL;
    page = try_alloc(count, flags);
    if (unlikely(!page))
        page = alloc_slow(count, flags);
    if (page)
        page_prepare(page, count, flags);
    return page;
}

struct page *page_alloc_order(unsigned order, unsigned flags)
{
    assert(order < BUDDY_ORDERS);
    return page_alloc_run(BIT(order), flags);
}

struct page *page_alloc(unsigned flags)
{
    return page_alloc_run(1, flags);
}

static void page_free(struct page *page)
{
    size_t count = page_block_pages(page);

    assert(!page_test(page, PAGE_IN_USE));
    page_debug_free(page, count);
    page->flags = 0;
    if (count == 1) {
        cache_free(page);
    } else {
        uint64_t irq = spin_lock_irqsave(&zone.lock);

        zone_free_run(page_to_pfn(page), count);
        spin_unlock_irqrestore(&zone.lock, irq);
    }
    if (page_debug_sample())
        buddy_check();
}

void page_put(struct page *page)
{
    int32_t before = atomic_fetch_sub_explicit(&page->refs, 1, memory_order_acq_rel);

#if defined(FATHOM_DEBUG)
    if (before <= 0)
        page_debug_over_put(page);
#endif
    assert(before > 0);
    if (before == 1)
        page_free(page);
}

/* -- Start ------------------------------------------------------------------------------------- */

static void zone_init(void)
{
    memset(&zone, 0, sizeof(zone));
    spin_init(&zone.lock, "zone");
    for (unsigned order = 0; order < BUDDY_ORDERS; order++)
        list_init(&zone.free[order]);
    memset(hart_cache, 0, sizeof(hart_cache));
    for (unsigned i = 0; i < MAX_HARTS; i++)
        spin_init(&hart_cache[i].lock, "hart page cache");
}

/* Finds a place for the array of all banks' pages and makes it. */
static int make_page_array(struct memory_map *map)
{
    while (map->bank_count > 0) {
        pfn_t first = map->bank[0].start >> PAGE_SHIFT;
        pfn_t end = map->bank[map->bank_count - 1].end >> PAGE_SHIFT;
        uint64_t size = ALIGN_UP((end - first) * sizeof(struct page), PAGE_SIZE);
        paddr_t pa = memory_map_take(map, size, PAGE_SIZE);

        if (pa) {
            page_array_init(phys_to_virt(pa), first, end);
            return 0;
        }
        map->bank_count--;
        printk("memory: no room for the page array; leaving out the bank at %#lx\n",
               (unsigned long)map->bank[map->bank_count].start);
    }
    return -ENOMEM;
}

int buddy_init(struct memory_map *map)
{
    struct memory_range range;
    paddr_t pos = 0;
    uint64_t irq;

    zone_init();
    if (make_page_array(map))
        return -ENOMEM;
    irq = spin_lock_irqsave(&zone.lock);
    while (memory_map_next_free(map, &pos, &range)) {
        pfn_t pfn = range.start >> PAGE_SHIFT, end = range.end >> PAGE_SHIFT;

        for (pfn_t i = pfn; i < end; i++)
            pfn_to_page(i)->flags = 0;
        zone_free_run(pfn, end - pfn);
    }
    zone.total = zone.free_pages;
    zone.reserve = MIN(zone.total / RESERVE_SHARE, (uint64_t)RESERVE_PAGES_MAX);
    spin_unlock_irqrestore(&zone.lock, irq);
    return zone.total > 0 ? 0 : -ENOMEM;
}

/* -- Counts and checks ------------------------------------------------------------------------- */

uint64_t page_total(void)
{
    return zone.total;
}

uint64_t page_free_count(void)
{
    uint64_t irq = spin_lock_irqsave(&zone.lock);
    uint64_t pages = zone.free_pages;

    for (unsigned i = 0; i < MAX_HARTS; i++)
        pages += cache_count(&hart_cache[i]);
    spin_unlock_irqrestore(&zone.lock, irq);
    return pages;
}

uint64_t buddy_free_blocks(unsigned order)
{
    return order < BUDDY_ORDERS ? zone.blocks[order] : 0;
}

/* A block on the list of its order; the zone's lock is held. */
static void block_check(struct page *page, unsigned order)
{
    pfn_t pfn = page_to_pfn(page);

    assert(page->flags == PAGE_BUDDY && page->order == order && page->refs == 0);
    assert(IS_ALIGNED(pfn, BIT(order)));
    assert(pfn_has_page(pfn) && pfn_has_page(pfn + BIT(order) - 1));
    assert(order == BUDDY_ORDERS - 1 || !zone_block_at(pfn ^ BIT(order), order));
    for (size_t i = 1; i < BIT(order); i++)
        assert(page[i].flags == 0 && page[i].refs == 0);
}

static void cache_check(struct hart_cache *cache)
{
    uint64_t irq = spin_lock_irqsave(&cache->lock);
    uint32_t count = cache_count(cache);

    assert(count <= CACHE_PAGES);
    for (uint32_t i = 0; i < count; i++)
        assert(cache->page[i]->flags == 0 && cache->page[i]->refs == 0);
    spin_unlock_irqrestore(&cache->lock, irq);
}

void buddy_check(void)
{
    uint64_t irq, free_pages = 0;
    struct page *page;

    for (unsigned i = 0; i < MAX_HARTS; i++)
        cache_check(&hart_cache[i]);
    irq = spin_lock_irqsave(&zone.lock);
    for (unsigned order = 0; order < BUDDY_ORDERS; order++) {
        uint64_t blocks = 0;

        list_for_each_entry (page, &zone.free[order], link) {
            block_check(page, order);
            blocks++;
        }
        assert(blocks == zone.blocks[order]);
        free_pages += blocks << order;
    }
    assert(free_pages == zone.free_pages && free_pages <= zone.total);
    spin_unlock_irqrestore(&zone.lock, irq);
}
