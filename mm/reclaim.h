/*
 * Reclaim of mapped file pages: when dropping what nobody maps (page_cache_shrink) did not bring
 * enough, clean pages that are mapped are taken away from those who map them. They fault them in
 * again if they need them.
 */
#pragma once

#include "lib/types.h"

/* Frees up to `want` pages; returns how many. May sleep; no locks are held. */
size_t reclaim_mapped(size_t want);

/* Registers it as the heaviest shrinker; after page_cache_init_all(). */
void reclaim_init(void);
