/*
 * Shrinkers: the way down from the allocator to those who keep memory that they could do without
 * (empty slabs, unused stacks, page caches), when there is no other.
 *
 * A shrinker frees up to `want` pages that are cached but not needed and returns how many it freed.
 * It is called without locks, may sleep, and must not allocate without ALLOC_ATOMIC. More than one
 * hart may be in it at a time.
 */
#pragma once

#include "lib/types.h"

typedef size_t shrink_fn(size_t want);

/*
 * Adds a shrinker after those that are there: the lightest registers first. One that is there
 * already is not added again. Only at boot, while one hart runs.
 */
void shrinker_register(shrink_fn *fn);

/* Asks the shrinkers for `want` pages; returns how many came. May sleep; no locks are held. */
size_t shrink_all(size_t want);
