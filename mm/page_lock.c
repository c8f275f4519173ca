/*
 * The lock bit of pages. There are too many pages to give each a wait queue, and few that are
 * waited for: the queues are a small table, found by a hash of the frame number. A wake-up may
 * reach waiters for another page; they look at theirs and sleep on.
 *
 * No wake-up is lost: page_unlock() clears the bit, then looks for waiters; a waiter joins the
 * queue, then looks at the bit; both in sequentially consistent order.
 */
#include "mm/page_lock.h"

#include <stdatomic.h>

#include "lib/assert.h"
#include "lib/errno.h"
#include "sched/wait.h"

#define QUEUES 256 /* a power of two */

static struct wait_queue queues[QUEUES];

void page_lock_init_all(void)
{
    for (size_t i = 0; i < QUEUES; i++)
        wait_queue_init(&queues[i]);
}

static struct wait_queue *queue_of(const struct page *page)
{
    return &queues[page_to_pfn(page) % QUEUES];
}

bool page_trylock(struct page *page)
{
    return !(atomic_fetch_or(&page->flags, PAGE_LOCKED) & PAGE_LOCKED);
}

void page_lock(struct page *page)
{
    if (!page_trylock(page))
        wait_event_uninterruptible(queue_of(page), page_trylock(page));
}

void page_unlock(struct page *page)
{
    struct wait_queue *queue = queue_of(page);

    assert(page_test(page, PAGE_LOCKED));
    page_clear_flag(page, PAGE_LOCKED);
    if (wait_queue_active(queue))
        wait_wake_all(queue);
}

int page_wait_unlocked(struct page *page)
{
    if (!page_test(page, PAGE_LOCKED))
        return 0;
    return wait_event_killable(queue_of(page), !page_test(page, PAGE_LOCKED));
}
