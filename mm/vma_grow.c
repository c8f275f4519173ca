/* Growing VMAs; see vma_grow.h. */
#include "mm/vma_grow.h"

#include "mm/vma_set.h"

/* Whether vma may become [start, end): its own limit, and those of the whole. */
static bool limits_allow(const struct mm *mm, const struct vma *vma, vaddr_t start, vaddr_t end)
{
    uint64_t more = (end - start) - (vma->end - vma->start);

    return end - start <= mm->stack_limit && vma_set_may_grow(mm, more >> PAGE_SHIFT, vma->flags);
}

static bool grow_down(struct mm *mm, struct vma *vma, vaddr_t page)
{
    const struct vma *prev = vma_prev(vma);
    vaddr_t floor = prev ? prev->end + VMA_GUARD : mm->vmas.lowest;

    if (prev && prev->flags & VMA_GROWSUP)
        floor += VMA_GUARD;
    if (page < floor || !limits_allow(mm, vma, page, vma->end))
        return false;
    vma_set_extend(mm, vma, page, vma->end);
    return true;
}

static bool grow_up(struct mm *mm, struct vma *vma, vaddr_t page)
{
    const struct vma *next = vma_next(vma);
    vaddr_t end = page + PAGE_SIZE, ceiling = next ? next->start - VMA_GUARD : mm->vmas.highest;

    if (next && next->flags & VMA_GROWSDOWN)
        ceiling -= VMA_GUARD;
    if (page != vma->end || end > ceiling || !limits_allow(mm, vma, vma->start, end))
        return false;
    vma_set_extend(mm, vma, vma->start, end);
    return true;
}

static bool grow_locked(struct mm *mm, vaddr_t va)
{
    vaddr_t page = ALIGN_DOWN(va, PAGE_SIZE);
    struct vma *above = vma_find(&mm->vmas, va);
    struct vma *below = above ? vma_prev(above) : vma_last(&mm->vmas);

    if (above && above->start <= va)
        return true; /* another thread was faster */
    if (below && below->flags & VMA_GROWSUP && grow_up(mm, below, page))
        return true;
    return above && above->flags & VMA_GROWSDOWN && grow_down(mm, above, page);
}

bool vma_grow(struct mm *mm, vaddr_t va)
{
    bool grown;

    rw_lock_write(&mm->lock);
    grown = grow_locked(mm, va);
    vma_set_debug_check(mm);
    rw_unlock_write(&mm->lock);
    return grown;
}
