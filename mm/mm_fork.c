/*
 * fork's copy of an address space. What each kind of page becomes in the child:
 *
 *     private memory           the same page, read-only in both: the first to write copies it
 *     a file's cached page     nothing: the child faults it in from the cache again
 *     the zero page            nothing: likewise
 *
 * So only what cannot be found again is carried over. The child is built while nobody knows it;
 * the last step, which cannot fail, lists its VMAs in the reverse map. When memory runs out half
 * way the child is torn down; entries of the parent that are read-only by then cost it a fault.
 *
 * The parent's translations are flushed once at the end: its other threads may write to pages that
 * are shared by then until they are, which is as if they had written before the fork, for the child
 * has not run.
 */
#include "mm/mm_fork.h"

#include "arch/tlb.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/mm.h"
#include "mm/page_source.h"
#include "mm/pgtable.h"
#include "mm/pte_map.h"
#include "mm/rmap.h"
#include "mm/vma_set.h"
#include "mm/zero_page.h"
#include "sched/sched.h"

/* Flags that a child's VMA does not inherit: mlock(2), "Memory locks are not inherited". */
#define NOT_INHERITED VMA_LOCKED

static void copy_fields(struct mm *child, const struct mm *parent)
{
    child->brk_start = parent->brk_start;
    child->brk = parent->brk;
    child->stack_start = parent->stack_start;
    child->mmap_top = parent->mmap_top;
    child->arg_start = parent->arg_start;
    child->arg_end = parent->arg_end;
    child->env_start = parent->env_start;
    child->env_end = parent->env_end;
    child->vdso = parent->vdso;
    child->exe = parent->exe;
    if (child->exe)
        child->exe->ops->get(child->exe);
    child->as_limit = parent->as_limit;
    child->data_limit = parent->data_limit;
    child->stack_limit = parent->stack_limit;
}

/* Adds a copy of vma to the child's tree; not yet to the reverse map. 0 or -ENOMEM. */
static int copy_vma(struct mm *child, const struct vma *vma)
{
    struct vma *copy = vma_alloc(child), *prev;

    if (!copy)
        return -ENOMEM;
    copy->start = vma->start;
    copy->end = vma->end;
    copy->flags = vma->flags & ~NOT_INHERITED;
    copy->source = vma->source;
    copy->pgoff = vma->pgoff;
    child->total_pages += vma_pages(copy);
    child->data_pages += vma_is_data(copy->flags) ? vma_pages(copy) : 0;
    if (copy->source)
        copy->source->ops->get(copy->source);
    vma_insert(&child->vmas, copy);
    prev = vma_prev(copy);
    if (prev && vma_can_merge(prev, copy)) { /* they differed in what is not inherited */
        vma_join(&child->vmas, prev, copy);
        vma_free(copy);
    }
    return 0;
}

static int copy_vmas(struct mm *child, struct mm *parent)
{
    for (struct vma *vma = vma_first(&parent->vmas); vma; vma = vma_next(vma)) {
        if (copy_vma(child, vma))
            return -ENOMEM;
        sched_relax();
    }
    return 0;
}

/* Shares the private pages of one run of entries, one table at most. parent->table_lock is held. */
static void share_run(struct mm *child, pte_t *from, vaddr_t va, size_t count)
{
    pte_t *to = pgtable_lookup(child->root, va);

    spin_lock(&child->table_lock);
    for (; count > 0; count--, from++, to++) {
        struct page *page = *from ? pte_page(*from) : NULL;

        if (!page || !page_test(page, PAGE_ANON))
            continue;
        pte_write(from, *from & ~(PTE_W | PTE_D));
        page_get(page);
        pte_map_page(child, to, page, *from & PTE_FLAGS_MASK);
    }
    spin_unlock(&child->table_lock);
}

static int share_pages(struct mm *child, struct mm *parent, vaddr_t start, vaddr_t end)
{
    vaddr_t va = start;
    size_t count;
    pte_t *from;

    while ((from = pgtable_run(parent->root, &va, end, &count))) {
        if (pte_prepare(child, va))
            return -ENOMEM;
        spin_lock(&parent->table_lock);
        share_run(child, from, va, count);
        spin_unlock(&parent->table_lock);
        va += count << PAGE_SHIFT;
        sched_relax();
    }
    return 0;
}

static int copy_pages(struct mm *child, struct mm *parent)
{
    for (struct vma *vma = vma_first(&child->vmas); vma; vma = vma_next(vma))
        if (!(vma->flags & VMA_SHARED) && share_pages(child, parent, vma->start, vma->end))
            return -ENOMEM;
    return 0;
}

struct mm *mm_fork(struct mm *parent)
{
    struct mm *child = mm_create();
    int error;

    if (!child)
        return NULL;
    rw_lock_write(&parent->lock);
    copy_fields(child, parent);
    error = copy_vmas(child, parent);
    if (!error)
        error = copy_pages(child, parent);
    tlb_flush_range(parent->harts, parent->vmas.lowest, parent->vmas.highest);
    if (!error)
        for (struct vma *vma = vma_first(&child->vmas); vma; vma = vma_next(vma))
            rmap_add(vma);
    rw_unlock_write(&parent->lock);
    if (error) {
        mm_put(child);
        return NULL;
    }
    return child;
}
