/*
 * Address spaces from their making to their end, and which hart runs which.
 *
 * A hart that loads a page table sets its bit in mm->harts first and clears it in the one before
 * last: whoever changes an entry and then reads the mask either finds the hart, or the hart loads
 * the table, and forgets all translations, after the change.
 *
 * At the end nobody has the mm: teardown takes no mm->lock. It unlists the VMAs before it frees the
 * root, for the reverse map may look at the page table as long as one is listed.
 */
#include "mm/mm.h"

#include "arch/address.h"
#include "arch/irq.h"
#include "arch/tlb.h"
#include "kernel/hart.h"
#include "lib/assert.h"
#include "mm/alloc/kmap.h"
#include "mm/alloc/slab.h"
#include "mm/page_cache.h"
#include "mm/page_source.h"
#include "mm/pgtable.h"
#include "mm/pte_map.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/vma_set.h"
#include "mm/zap.h"
#include "mm/zero_page.h"
#include "sched/task.h"

static struct slab_cache *mm_slab;

void mm_init(void)
{
    mm_slab = slab_cache_create("mm", sizeof(struct mm), 0, NULL);
    assert(mm_slab);
    vma_set_init();
    zero_page_init();
    reclaim_init();
}

struct mm *mm_create(void)
{
    struct mm *mm = slab_alloc(mm_slab, ALLOC_ZERO);

    if (!mm)
        return NULL;
    mm->root = pgtable_create();
    if (!mm->root) {
        slab_free(mm_slab, mm);
        return NULL;
    }
    mm->refs = 1;
    mm->table_pages = 1;
    rw_lock_init(&mm->lock);
    spin_init(&mm->table_lock, "mm.table");
    vma_tree_init(&mm->vmas, USER_BASE, USER_TOP);
    mm->mmap_top = USER_TOP;
    mm->as_limit = MM_NO_LIMIT;
    mm->data_limit = MM_NO_LIMIT;
    mm->stack_limit = MM_STACK_LIMIT;
    return mm;
}

static void mm_destroy(struct mm *mm)
{
    assert(mm->harts == 0);
    zap_range(mm, USER_BASE, USER_TOP);
    vma_set_destroy(mm);
    zap_tables(mm, &(struct pgtable_gap){.end = USER_TOP, .high = USER_TOP});
    assert(mm->rss_anon == 0 && mm->rss_file == 0 && mm->table_pages == 1);
    pgtable_destroy(mm->root);
    if (mm->exe)
        mm->exe->ops->put(mm->exe);
    slab_free(mm_slab, mm);
}

void mm_put(struct mm *mm)
{
    assert(mm->refs > 0);
    if (--mm->refs == 0)
        mm_destroy(mm);
}

void mm_switch(struct mm *prev, struct mm *next)
{
    uint64_t hart = BIT(hart_index());

    assert(!irq_enabled());
    if (prev == next)
        return;
    if (next)
        next->harts |= hart;
    satp_switch(virt_to_phys(next ? next->root : kernel_root));
    if (prev)
        prev->harts &= ~hart;
}

struct mm *mm_exchange(struct mm *next)
{
    struct task *task = current_task();
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct mm *prev = task->mm;

    task->mm = next;
    mm_switch(prev, next);
    spin_unlock_irqrestore(&process_lock, flags);
    return prev;
}

static void check_page(const struct vma *vma, vaddr_t va, pte_t pte)
{
    const struct page *page = pte_page(pte);
    bool writable = pte & PTE_W;

    assert(page == zero_page || page->refs > 0);
    assert(!page_test(page, PAGE_BUDDY | PAGE_SLAB | PAGE_RESERVED));
    if (page == zero_page) {
        assert(!writable && !vma->source);
    } else if (page_test(page, PAGE_ANON)) {
        assert(!(vma->flags & VMA_SHARED));
        assert(!writable || page->refs == 1);
    } else {
        assert(page->mapcount > 0 && page->refs >= page->mapcount);
        assert(page->index == vma_index(vma, va));
        assert(!page->cache || page->cache == vma_cache(vma));
        assert(!writable || (vma->flags & VMA_SHARED && page_test(page, PAGE_DIRTY)));
    }
}

static void check_entry(struct mm *mm, vaddr_t va, pte_t pte, uint64_t *anon, uint64_t *file)
{
    const struct vma *vma = vma_find(&mm->vmas, va);

    assert(vma && vma->start <= va);
    assert((pte & PTE_FLAGS_MASK) == pte_rights(vma->flags, pte & PTE_W));
    check_page(vma, va, pte);
    *anon += page_test(pte_page(pte), PAGE_ANON);
    *file += !page_test(pte_page(pte), PAGE_ANON) && pte_page(pte) != zero_page;
}

static void check_vmas(struct mm *mm)
{
    uint64_t total = 0, data = 0;

    vma_check(&mm->vmas);
    for (struct vma *vma = vma_first(&mm->vmas); vma; vma = vma_next(vma)) {
        assert(vma->mm == mm);
        assert(list_empty(&vma->mapping_link) == !vma_cache(vma));
        total += vma_pages(vma);
        data += vma_is_data(vma->flags) ? vma_pages(vma) : 0;
    }
    assert(total == mm->total_pages && data == mm->data_pages);
}

void mm_check(struct mm *mm)
{
    uint64_t anon = 0, file = 0;
    vaddr_t va = 0;
    size_t count;
    pte_t *slot;

    rw_lock_read(&mm->lock);
    check_vmas(mm);
    spin_lock(&mm->table_lock);
    while ((slot = pgtable_run(mm->root, &va, USER_TOP, &count)))
        for (; count > 0; count--, slot++, va += PAGE_SIZE)
            if (*slot)
                check_entry(mm, va, *slot, &anon, &file);
    assert(anon == mm->rss_anon && file == mm->rss_file);
    assert(pgtable_count(mm->root) == mm->table_pages);
    spin_unlock(&mm->table_lock);
    rw_unlock_read(&mm->lock);
}
