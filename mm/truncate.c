/*
 * Cutting; see truncate.h. A page leaves its cache first and is unmapped then: a fault either sees
 * that it has left, or has mapped it before the reverse map comes to that page table
 * (fault_page.c). Only when every hart has forgotten the page may it be given back.
 */
#include "mm/truncate.h"

#include "mm/alloc/buddy.h"
#include "mm/rmap.h"
#include "sched/sched.h"

void cache_cut(struct page_cache *cache, pgoff_t first)
{
    struct page *page;

    while ((page = page_cache_take(cache, first))) {
        uint64_t harts = 0;

        rmap_unmap_taken(cache, page, &harts);
        rmap_flush(harts);
        page_unlock(page);
        page_put(page);
        sched_relax();
    }
}
