/*
 * Unmapping. A batch of entries is cleared under table_lock, then the translations are flushed,
 * then the pages are put: in this order, because a hart may use a stale translation until the
 * flush, and the page must not be somebody else's by then.
 */
#include "mm/zap.h"

#include "arch/address.h"
#include "arch/tlb.h"
#include "lib/assert.h"
#include "mm/pte_map.h"
#include "sched/sched.h"

/* Pages put for one flush, as many as are flushed one by one (arch/riscv/tlb.h). */
#define ZAP_BATCH 64

struct zap_batch {
    size_t count;
    struct page *pages[ZAP_BATCH];
};

/*
 * Clears entries from *va on, at most a table's or a batch of pages; moves *va past them. Returns
 * whether any was there.
 */
static bool clear_some(struct mm *mm, vaddr_t *va, vaddr_t end, struct zap_batch *batch)
{
    bool cleared = false;
    size_t count;
    pte_t *slot;

    spin_lock(&mm->table_lock);
    slot = pgtable_run(mm->root, va, end, &count);
    for (; slot && count > 0 && batch->count < ZAP_BATCH; slot++, count--, *va += PAGE_SIZE) {
        struct page *page;

        if (!*slot)
            continue;
        cleared = true;
        page = pte_unmap_page(mm, slot);
        if (page)
            batch->pages[batch->count++] = page;
    }
    spin_unlock(&mm->table_lock);
    return cleared;
}

void zap_range(struct mm *mm, vaddr_t start, vaddr_t end)
{
    vaddr_t va = start;

    while (va < end) {
        struct zap_batch batch;
        vaddr_t from = va;

        batch.count = 0;
        if (clear_some(mm, &va, end, &batch))
            tlb_flush_range(mm->harts, from, va);
        for (size_t i = 0; i < batch.count; i++)
            page_put(batch.pages[i]);
        sched_relax();
    }
}

/*
 * A flush of some addresses forgets only last-level entries (Privileged spec 1.12, 4.2.1), so
 * tables go after a flush of all.
 */
void zap_tables(struct mm *mm, const struct pgtable_gap *gap)
{
    struct list_head tables = LIST_HEAD_INIT(tables);
    struct page *page, *next;
    size_t count;

    spin_lock(&mm->table_lock);
    count = pgtable_unlink(mm->root, gap, &tables);
    spin_unlock(&mm->table_lock);
    if (count == 0)
        return;
    mm->table_pages -= count;
    tlb_flush_range(mm->harts, 0, USER_TOP);
    list_for_each_entry_safe (page, next, &tables, link) {
        list_del(&page->link);
        page_put(page);
    }
}
