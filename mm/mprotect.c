/*
 * mprotect. VMA by VMA, each all or nothing: cut out what is in the range, give it the new flags,
 * rewrite the entries of its pages, merge.
 *
 *      [ a  rw-        ][ b  r--    ]
 *            |  mprotect(r--) |
 *      [ rw- ][ r--           | ... ]      a is split; its upper part and b become one
 *
 * An entry keeps its page and gets the VMA's rights, but never write permission: the next write
 * faults, and the fault function knows whether to copy, or to mark dirty. With no right at all the
 * entry loses V and holds its page until it has one again.
 */
#include "mm/mprotect.h"

#include "arch/address.h"
#include "arch/tlb.h"
#include "kernel/hart.h"
#include "lib/errno.h"
#include "mm/mman.h"
#include "mm/pgtable.h"
#include "mm/pte_map.h"
#include "mm/vma_set.h"
#include "sched/sched.h"

#define PROT_KNOWN (PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)
#define PROT_GROWS (PROT_GROWSDOWN | PROT_GROWSUP)

_Static_assert(VMA_READ == PROT_READ && VMA_WRITE == PROT_WRITE && VMA_EXEC == PROT_EXEC,
               "VMA rights are PROT_*");

/* Writable entries stay so if the VMA still allows it: their pages are noted as changed already. */
static void rewrite_run(pte_t *slot, size_t count, uint32_t flags)
{
    for (; count > 0; count--, slot++)
        if (*slot)
            pte_write(slot, (*slot & ~PTE_FLAGS_MASK) | pte_rights(flags, *slot & PTE_W));
}

/* Gives the entries of a VMA the rights that it has now. */
static void rewrite_entries(struct mm *mm, const struct vma *vma, vaddr_t start, vaddr_t end)
{
    vaddr_t va = start;
    size_t count;
    pte_t *slot;

    while (va < end) {
        spin_lock(&mm->table_lock);
        slot = pgtable_run(mm->root, &va, end, &count);
        if (slot) {
            rewrite_run(slot, count, vma->flags);
            va += count << PAGE_SHIFT;
        }
        spin_unlock(&mm->table_lock);
        sched_relax();
    }
    tlb_flush_range(mm->harts, start, end);
}

static uint32_t flags_with(const struct vma *vma, unsigned prot)
{
    return (vma->flags & ~(uint32_t)VMA_PROT_MASK) | (prot & VMA_PROT_MASK);
}

/* Whether the VMA may have these rights. */
static bool may_have(const struct vma *vma, unsigned prot)
{
    return !((prot & VMA_PROT_MASK) & ~(vma->flags >> VMA_MAY_SHIFT));
}

/* Changes [start, end), which vma contains. */
static int protect_one(struct mm *mm, struct vma *vma, vaddr_t start, vaddr_t end, unsigned prot)
{
    uint32_t flags = flags_with(vma, prot);
    bool whole = start == vma->start && end == vma->end;
    struct vma_cut cut;
    int error;

    if (flags == vma->flags)
        return 0;
    if (vma_is_data(flags) && !vma_is_data(vma->flags) &&
        mm->data_pages + ((end - start) >> PAGE_SHIFT) > mm->data_limit >> PAGE_SHIFT)
        return -ENOMEM;
    error = vma_cut_prepare(mm, &cut, start, end, whole ? 0 : 1);
    if (error)
        return error;
    vma_cut_apply(mm, &cut);
    if (flags & ~vma->flags & VMA_EXEC) /* what was stored there may be fetched from now on */
        icache_flush(hart_online_mask());
    vma = vma_find(&mm->vmas, start);
    vma_set_flags(mm, vma, flags);
    rewrite_entries(mm, vma, start, end);
    vma_set_merge(mm, vma);
    return 0;
}

/* PROT_GROWSDOWN and PROT_GROWSUP: from the start, or to the end, of a VMA that grows so. */
static int stretch(struct mm *mm, vaddr_t *start, vaddr_t *end, unsigned prot)
{
    struct vma *vma = vma_find(&mm->vmas, *start);

    if (!vma)
        return -ENOMEM;
    if (prot & PROT_GROWSDOWN) {
        if (vma->start >= *end)
            return -ENOMEM;
        *start = vma->start;
        return vma->flags & VMA_GROWSDOWN ? 0 : -EINVAL;
    }
    if (vma->start > *start)
        return -ENOMEM;
    if (prot & PROT_GROWSUP) {
        *end = vma->end;
        return vma->flags & VMA_GROWSUP ? 0 : -EINVAL;
    }
    return 0;
}

static int protect_locked(struct mm *mm, vaddr_t start, vaddr_t end, unsigned prot)
{
    int error = stretch(mm, &start, &end, prot);

    while (!error && start < end) {
        struct vma *vma = vma_find(&mm->vmas, start);
        vaddr_t next;

        if (!vma || vma->start > start)
            return -ENOMEM;
        if (!may_have(vma, prot))
            return -EACCES;
        next = MIN(end, vma->end);
        error = protect_one(mm, vma, start, next, prot);
        start = next;
        sched_relax();
    }
    return error;
}

int mm_mprotect(struct mm *mm, vaddr_t addr, uint64_t length, unsigned prot)
{
    int error;

    if ((prot & PROT_GROWS) == PROT_GROWS || !IS_ALIGNED(addr, PAGE_SIZE))
        return -EINVAL;
    if (length == 0)
        return 0;
    length = ALIGN_UP(length, PAGE_SIZE);
    if (length == 0 || addr + length <= addr)
        return -ENOMEM;
    if (prot & ~(unsigned)(PROT_KNOWN | PROT_GROWS))
        return -EINVAL;
    rw_lock_write(&mm->lock);
    error = protect_locked(mm, addr, addr + length, prot);
    vma_set_debug_check(mm);
    rw_unlock_write(&mm->lock);
    return error;
}
