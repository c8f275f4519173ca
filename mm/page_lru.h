/*
 * Which cached pages were used least recently: one list of all of them, by the second-chance rule.
 * A new page joins at the head; a use only sets PAGE_REFERENCED; reclaim takes from the tail, and a
 * page that has been used since it last came there goes back to the head instead.
 *
 * Reclaim works on a page that it has isolated: taken off the list with its lock bit held. Who
 * holds the lock bit of a cached page knows that nobody isolates it, so that it is on the list.
 *
 * Locks: the list's own spin lock, inside of cache->lock; page->link of cached pages is under it.
 */
#pragma once

#include "mm/alloc/page.h"

/* A page joins or leaves its cache. */
void page_lru_add(struct page *page);
void page_lru_remove(struct page *page);

/*
 * Isolates the least recently used page that nobody has locked: its lock bit is held, its cache
 * stays. Looks at up to *budget pages and takes those off the budget; NULL when that is used up or
 * the list is empty.
 */
struct page *page_lru_isolate(size_t *budget);

/* An isolated page that stays goes to the head; the lock bit is still held. */
void page_lru_putback(struct page *page);

/* Pages on the list. */
size_t page_lru_count(void);
