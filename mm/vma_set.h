/*
 * The VMAs of an mm as a set that is changed: the tree, the reverse map's lists, the counts of
 * pages and the references on sources, together. mmap, munmap, mprotect, brk and growth are made
 * of these steps:
 *
 *     prepare    all that may fail: VMAs for the pieces that a cut makes
 *     cut        split at the edges of a range, so that VMAs lie inside or outside of it
 *     change     remove what lies inside, or give it other rights, or insert something new
 *     merge      with equal neighbours
 *     discard    put the sources of what was removed, when mm->lock has been let go
 *
 * The caller holds mm->lock for writing, except where said.
 */
#pragma once

#include "mm/mm.h"

/* An empty VMA, all zero but for mm, or NULL. No lock needed. */
struct vma *vma_alloc(struct mm *mm);

/* Frees one that is in no tree, and puts its source. Sleeps; without mm->lock. */
void vma_free(struct vma *vma);

/* Whether `pages` more of VMAs with these flags stay below the limits on size and data. */
bool vma_set_may_grow(const struct mm *mm, uint64_t pages, uint32_t flags);

/* Whether these flags count as data (RLIMIT_DATA): private, writable, no stack. */
bool vma_is_data(uint32_t flags);

/* Puts vma into its free place and merges it; the vma or its source's reference may be gone then.
 */
void vma_set_insert(struct mm *mm, struct vma *vma);

/* Merges vma with what lies before and behind it, if equal; returns the VMA that it is now. */
struct vma *vma_set_merge(struct mm *mm, struct vma *vma);

/* Moves vma's start down or its end up into free space; counts the pages. */
void vma_set_extend(struct mm *mm, struct vma *vma, vaddr_t start, vaddr_t end);

/* Gives vma other flags; counts what is data. */
void vma_set_flags(struct mm *mm, struct vma *vma, uint32_t flags);

/* The VMAs that a cut of [start, end) needs: one for each edge that lies inside of a VMA. */
struct vma_cut {
    vaddr_t start, end;
    struct vma *spare[2];
};

/*
 * Makes them. -ENOMEM also when there would be more than MM_VMA_MAX in the end, if what lies inside
 * is taken out and `more` are put in.
 */
int vma_cut_prepare(struct mm *mm, struct vma_cut *cut, vaddr_t start, vaddr_t end, unsigned more);

/* Splits at the edges. Cannot fail. Neighbours at the edges are equal until one of them changes. */
void vma_cut_apply(struct mm *mm, struct vma_cut *cut);

/*
 * Takes out all VMAs inside of [start, end), which has been cut, unmaps their pages and frees the
 * page tables that are no longer needed. The VMAs go to `removed`, for vma_discard().
 */
void vma_set_remove_range(struct mm *mm, vaddr_t start, vaddr_t end, struct list_head *removed);

/* Frees removed VMAs. Sleeps; without mm->lock. */
void vma_discard(struct list_head *removed);

/* In debug kernels, after each change: asserts the invariants of the tree, if it is not too large.
 */
static inline void vma_set_debug_check(const struct mm *mm)
{
#ifdef FATHOM_DEBUG
    if (mm->vmas.count <= 128)
        vma_check(&mm->vmas);
#else
    (void)mm;
#endif
}

/* All VMAs, at the end of an mm, without its lock. */
void vma_set_destroy(struct mm *mm);

void vma_set_init(void);
