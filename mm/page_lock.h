/*
 * A page's lock bit (PAGE_LOCKED): held by whoever fills the page, writes it out, or changes which
 * cache it belongs to. A read that is in flight holds it until it completes, in an interrupt.
 *
 * The caller holds a reference on the page, or something that keeps it in its cache.
 *
 * Order: after mm->lock, before cache->lock. The holder may sleep.
 */
#pragma once

#include "mm/alloc/page.h"

/* Takes the bit; page_lock() sleeps until it can. */
void page_lock(struct page *page);
bool page_trylock(struct page *page);

/* Lets it go and wakes who waits for it. Any context. */
void page_unlock(struct page *page);

/* Sleeps until nobody holds the bit: 0, or -EINTR when a fatal signal came first. */
int page_wait_unlocked(struct page *page);

void page_lock_init_all(void);
