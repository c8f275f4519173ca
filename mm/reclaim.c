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

/* Whether unmapping it would free it: clean, and nobody has it but its cache and its mappings. */
static bool worth_unmapping(const struct page *page)
{
    return !page_test(page, PAGE_DIRTY | PAGE_WRITEBACK) && page->refs == 1 + page->mapcount;
}

size_t reclaim_mapped(size_t want)
{
    size_t freed = 0, budget = 2 * page_lru_count();
    struct page *page;

    while (freed < want && (page = page_lru_isolate(&budget))) {
        if (page->mapcount > 0 && worth_unmapping(page))
            rmap_unmap(page);
        freed += page_cache_release(page);
    }
    return freed;
}

void reclaim_init(void)
{
    shrinker_register(reclaim_mapped);
}
