/*
 * The buddy allocator: physical memory in blocks of 2^order pages, orders 0 to 10, each aligned to
 * its size; single pages through a small cache on each hart.
 *
 * A block's buddy is the block that differs in the bit of its size; freeing joins buddies as far
 * as they are free. When nothing is left, the registered shrinkers are asked to give back pages,
 * lightest first, and the allocation is tried again.
 *
 * A page comes with one reference and every other field of its struct page 0. page_put(), in
 * mm/alloc/page.h, gives it back.
 */
#pragma once

#include "mm/alloc/memory_map.h"
#include "mm/alloc/page.h"
#include "mm/alloc/shrinker.h"

#define BUDDY_ORDERS    11 /* orders 0 … 10: 4 KiB to 4 MiB */
#define BUDDY_MAX_PAGES (1u << (BUDDY_ORDERS - 1))

enum alloc_flag {
    ALLOC_ZERO = 1u << 0,   /* the memory reads as zero */
    ALLOC_ATOMIC = 1u << 1, /* never calls shrinkers: for callers that hold locks or do not sleep;
                               may use the last reserve */
};

/*
 * Makes the page array and the free lists from the map, all banks of which are in the linear map.
 * Where the array does not fit (a bank far above the others makes it long), the highest bank is
 * left out. Called once, on the boot hart. 0 or -ENOMEM.
 */
int buddy_init(struct memory_map *map);

/* 2^order pages, aligned to their size, or NULL. May sleep unless ALLOC_ATOMIC. */
struct page *page_alloc_order(unsigned order, unsigned flags);

/*
 * count pages in a row, 1 … BUDDY_MAX_PAGES, aligned to the power of two at or above count; what
 * the power of two has more goes back at once. NULL as above.
 */
struct page *page_alloc_run(size_t count, unsigned flags);

/* One page, or NULL. May sleep unless ALLOC_ATOMIC. */
struct page *page_alloc(unsigned flags);

/*
 * Counts, in pages. The free ones are exact whenever no other hart is between two of its own
 * allocations: caches are counted, and no page is ever seen at two places or at none.
 */
uint64_t page_total(void);      /* managed by the allocator */
uint64_t page_free_count(void); /* free now, per-hart caches included */

/* Free blocks of this order: for /proc/buddyinfo. */
uint64_t buddy_free_blocks(unsigned order);

/* Gives all harts' cached single pages back to the free lists. Any context that may take locks. */
void buddy_drain(void);

/*
 * Injected failure, for tests: the nth allocation of pages or slab objects from now on fails, once
 * (1: the next; 0: none). alloc_should_fail() is asked once by each allocation.
 */
void alloc_fail_nth(uint64_t n);
bool alloc_should_fail(void);

/* Asserts every invariant of the free lists and caches; locks them. For tests and debug builds. */
void buddy_check(void);
