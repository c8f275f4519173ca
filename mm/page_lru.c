/* The list of cached pages by last use; see page_lru.h. */
#include "mm/page_lru.h"

#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "mm/page_lock.h"

static struct spinlock lru_lock = SPINLOCK_INIT("page_lru");
static struct list_head lru = LIST_HEAD_INIT(lru); /* lru_lock; most recent first */
static _Atomic size_t lru_count;                   /* lru_lock to change */

void page_lru_add(struct page *page)
{
    spin_lock(&lru_lock);
    list_add(&page->link, &lru);
    lru_count++;
    spin_unlock(&lru_lock);
}

void page_lru_remove(struct page *page)
{
    spin_lock(&lru_lock);
    assert(!list_empty(&page->link));
    list_del(&page->link);
    lru_count--;
    spin_unlock(&lru_lock);
}

struct page *page_lru_isolate(size_t *budget)
{
    struct page *found = NULL;

    spin_lock(&lru_lock);
    while (!found && *budget > 0 && !list_empty(&lru)) {
        struct page *page = list_last_entry(&lru, struct page, link);

        --*budget;
        list_del(&page->link);
        if (!page_test(page, PAGE_REFERENCED) && page_trylock(page)) {
            found = page;
            lru_count--;
        } else {
            page_clear_flag(page, PAGE_REFERENCED);
            list_add(&page->link, &lru);
        }
    }
    spin_unlock(&lru_lock);
    return found;
}

void page_lru_putback(struct page *page)
{
    assert(page_test(page, PAGE_LOCKED));
    page_lru_add(page);
}

size_t page_lru_count(void)
{
    return lru_count;
}
