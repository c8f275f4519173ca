/*
 * Reclaim of mapped pages; see reclaim.h. A mapped page has no access bit that is kept honest (all
 * entries are made with A set), so its use shows only by its coming back: an unmapped page that is
 * wanted faults in again, from the cache if it is still there, and is marked referenced.
 */
#include "mm/reclaim.h"

#include "mm/alloc/shrinker.h"
#include "mm/page_cache.h"
#include "mm/page_lru.h"
#include "mm/rmap.h"

/* Pages unmapped for one flush: other harts' answers are what costs. */
#define RECLAIM_BATCH 32

/* Whether unmapping it would free it: clean, and nobody has it but its cache and its mappings. */
static bool worth_unmapping(const struct page *page)
{
    return !page_test(page, PAGE_DIRTY | PAGE_WRITEBACK) && page->refs == 1 + page->mapcount;
}

/* Isolates up to a batch of pages and unmaps what is worth it, on all harts. Returns how many. */
static size_t isolate_batch(struct page **pages, size_t want, size_t *budget)
{
    size_t count = 0;
    uint64_t harts = 0;
    struct page *page;

    while (count < MIN(want, (size_t)RECLAIM_BATCH) && (page = page_lru_isolate(budget))) {
        if (page->mapcount > 0 && worth_unmapping(page))
            rmap_unmap(page, &harts);
        pages[count++] = page;
    }
    rmap_flush(harts);
    return count;
}

size_t reclaim_mapped(size_t want)
{
    struct page *pages[RECLAIM_BATCH];
    size_t freed = 0, budget = 2 * page_lru_count(), count;

    while (freed < want && (count = isolate_batch(pages, want - freed, &budget)) > 0)
        for (size_t i = 0; i < count; i++)
            freed += page_cache_release(pages[i]);
    return freed;
}

void reclaim_init(void)
{
    shrinker_register(reclaim_mapped);
}
