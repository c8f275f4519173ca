/*
 * brk. The heap is private memory from brk_start to the break, in whole pages; the break itself is
 * any byte. What shrinking gives up comes back zeroed when the heap grows again.
 */
#include "mm/brk.h"

#include "arch/address.h"
#include "lib/errno.h"
#include "mm/alloc/buddy.h"
#include "mm/mman.h"
#include "mm/vma_set.h"

#define HEAP_FLAGS (VMA_READ | VMA_WRITE | VMA_MAY_READ | VMA_MAY_WRITE | VMA_MAY_EXEC)

/* Maps [start, end). 0, or -ENOMEM: no room below the next VMA, or above a limit. */
static int heap_grow(struct mm *mm, vaddr_t start, vaddr_t end)
{
    uint64_t pages = (end - start) >> PAGE_SHIFT;
    struct vma *next = vma_find(&mm->vmas, start), *vma;
    vaddr_t ceiling = next ? next->start - VMA_GUARD : USER_TOP;

    if (next && next->flags & VMA_GROWSDOWN)
        ceiling -= VMA_GUARD;
    if (end > ceiling || pages > page_total() || mm->vmas.count >= MM_VMA_MAX)
        return -ENOMEM;
    if (!vma_set_may_grow(mm, pages, HEAP_FLAGS))
        return -ENOMEM;
    vma = vma_alloc(mm);
    if (!vma)
        return -ENOMEM;
    vma->start = start;
    vma->end = end;
    vma->flags = HEAP_FLAGS;
    vma->pgoff = start >> PAGE_SHIFT;
    vma_set_insert(mm, vma); /* merges with the heap below */
    return 0;
}

static int heap_shrink(struct mm *mm, vaddr_t start, vaddr_t end, struct list_head *removed)
{
    struct vma_cut cut;
    int error = vma_cut_prepare(mm, &cut, start, end, 0);

    if (error)
        return error;
    vma_cut_apply(mm, &cut);
    vma_set_remove_range(mm, start, end, removed);
    return 0;
}

static int brk_locked(struct mm *mm, vaddr_t brk, struct list_head *removed)
{
    vaddr_t old_end, new_end;

    if (brk < mm->brk_start || brk > USER_TOP)
        return -EINVAL;
    old_end = ALIGN_UP(mm->brk, PAGE_SIZE);
    new_end = ALIGN_UP(brk, PAGE_SIZE);
    if (new_end < old_end)
        return heap_shrink(mm, new_end, old_end, removed);
    if (brk - mm->brk_start > mm->data_limit)
        return -ENOMEM;
    return new_end > old_end ? heap_grow(mm, old_end, new_end) : 0;
}

vaddr_t mm_brk(struct mm *mm, vaddr_t brk)
{
    struct list_head removed = LIST_HEAD_INIT(removed);
    vaddr_t now;

    rw_lock_write(&mm->lock);
    if (brk_locked(mm, brk, &removed) == 0)
        mm->brk = brk;
    now = mm->brk;
    vma_set_debug_check(mm);
    rw_unlock_write(&mm->lock);
    vma_discard(&removed);
    return now;
}
