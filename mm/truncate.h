/*
 * Cutting an object that may be mapped: its pages leave the cache, and every address space that
 * shows them.
 */
#pragma once

#include "mm/page_cache.h"

/*
 * Drops the pages from index `first` on and unmaps them; a later access to them raises SIGBUS.
 * Private copies stay. The caller has made the object smaller first, so that no new pages come, and
 * holds what keeps it from growing. Sleeps.
 */
void cache_cut(struct page_cache *cache, pgoff_t first);
