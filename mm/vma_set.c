/*
 * Changing the VMAs of an mm; see vma_set.h.
 *
 *      before           [  a          ][ b ]      [ c    ]
 *      cut [x, y)       [  a   ][ a'  ][ b ]      [ c ][c']
 *      remove           [  a   ]                       [c']
 *                              x                       y
 *
 * A VMA that is removed is first taken off its cache's list, so that the reverse map does not find
 * it any more, and its pages are unmapped. Its source is put last, when mm->lock is free: the last
 * reference of a file may have to wait for the disk.
 */
#include "mm/vma_set.h"

#include "arch/address.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/alloc/slab.h"
#include "mm/page_source.h"
#include "mm/rmap.h"
#include "mm/zap.h"
#include "sched/sched.h"

static struct slab_cache *vma_slab;

void vma_set_init(void)
{
    vma_slab = slab_cache_create("vma", sizeof(struct vma), 0, NULL);
    assert(vma_slab);
}

struct vma *vma_alloc(struct mm *mm)
{
    struct vma *vma = slab_alloc(vma_slab, 0);

    if (!vma)
        return NULL;
    *vma = (struct vma){.mm = mm};
    list_init(&vma->mapping_link);
    return vma;
}

void vma_free(struct vma *vma)
{
    assert(list_empty(&vma->mapping_link));
    if (vma->source)
        vma->source->ops->put(vma->source);
    slab_free(vma_slab, vma);
}

bool vma_is_data(uint32_t flags)
{
    return (flags & (VMA_WRITE | VMA_SHARED | VMA_GROWSDOWN)) == VMA_WRITE;
}

static void count_pages(struct mm *mm, uint64_t pages, uint32_t flags)
{
    mm->total_pages += pages;
    if (vma_is_data(flags))
        mm->data_pages += pages;
}

static void uncount_pages(struct mm *mm, uint64_t pages, uint32_t flags)
{
    mm->total_pages -= pages;
    if (vma_is_data(flags))
        mm->data_pages -= pages;
}

bool vma_set_may_grow(const struct mm *mm, uint64_t pages, uint32_t flags)
{
    if (mm->total_pages + pages > mm->as_limit >> PAGE_SHIFT)
        return false;
    return !vma_is_data(flags) || mm->data_pages + pages <= mm->data_limit >> PAGE_SHIFT;
}

/* Joins two neighbours that are one. */
static void join(struct mm *mm, struct vma *lower, struct vma *upper)
{
    rmap_lock(lower);
    rmap_remove_locked(upper);
    vma_join(&mm->vmas, lower, upper);
    rmap_unlock(lower);
    vma_free(upper); /* not its source's last reference: lower has one */
}

struct vma *vma_set_merge(struct mm *mm, struct vma *vma)
{
    struct vma *prev = vma_prev(vma), *next = vma_next(vma);

    if (next && vma_can_merge(vma, next))
        join(mm, vma, next);
    if (prev && vma_can_merge(prev, vma)) {
        join(mm, prev, vma);
        return prev;
    }
    return vma;
}

void vma_set_insert(struct mm *mm, struct vma *vma)
{
    assert(rw_lock_write_held(&mm->lock));
    count_pages(mm, vma_pages(vma), vma->flags);
    vma_insert(&mm->vmas, vma);
    rmap_add(vma);
    vma_set_merge(mm, vma);
}

void vma_set_extend(struct mm *mm, struct vma *vma, vaddr_t start, vaddr_t end)
{
    assert(start <= vma->start && end >= vma->end);
    count_pages(mm, ((vma->start - start) + (end - vma->end)) >> PAGE_SHIFT, vma->flags);
    rmap_lock(vma);
    vma_resize(&mm->vmas, vma, start, end);
    rmap_unlock(vma);
    vma_set_merge(mm, vma);
}

void vma_set_flags(struct mm *mm, struct vma *vma, uint32_t flags)
{
    assert(rw_lock_write_held(&mm->lock));
    assert((vma->flags & VMA_GROWSDOWN) == (flags & VMA_GROWSDOWN));
    assert((vma->flags & VMA_GROWSUP) == (flags & VMA_GROWSUP)); /* the gaps depend on these */
    uncount_pages(mm, vma_pages(vma), vma->flags);
    vma->flags = flags;
    count_pages(mm, vma_pages(vma), vma->flags);
}

/* The VMA that has `at` strictly inside, or NULL. */
static struct vma *vma_across(const struct mm *mm, vaddr_t at)
{
    struct vma *vma = vma_find(&mm->vmas, at);

    return vma && vma->start < at ? vma : NULL;
}

/* Gives back what a cut that cannot be prepared has already. */
static void vma_cut_cancel(struct vma_cut *cut)
{
    for (unsigned i = 0; i < ARRAY_SIZE(cut->spare); i++) {
        if (cut->spare[i])
            vma_free(cut->spare[i]);
        cut->spare[i] = NULL;
    }
}

int vma_cut_prepare(struct mm *mm, struct vma_cut *cut, vaddr_t start, vaddr_t end, unsigned more)
{
    struct vma *across[2] = {vma_across(mm, start), vma_across(mm, end)};
    unsigned splits = !!across[0] + !!across[1];

    *cut = (struct vma_cut){.start = start, .end = end};
    if (across[0] && across[0] == across[1])
        more++; /* one VMA becomes two, with the cut between them */
    if (more > 0 && mm->vmas.count + more > MM_VMA_MAX)
        return -ENOMEM;
    for (unsigned i = 0; i < splits; i++) {
        cut->spare[i] = vma_alloc(mm);
        if (!cut->spare[i]) {
            vma_cut_cancel(cut);
            return -ENOMEM;
        }
    }
    return 0;
}

static struct vma *take_spare(struct vma_cut *cut)
{
    unsigned i = cut->spare[0] ? 0 : 1;
    struct vma *vma = cut->spare[i];

    assert(vma);
    cut->spare[i] = NULL;
    return vma;
}

static void split_at(struct mm *mm, struct vma_cut *cut, vaddr_t at)
{
    struct vma *vma = vma_across(mm, at), *upper;

    if (!vma)
        return;
    upper = take_spare(cut);
    if (vma->source)
        vma->source->ops->get(vma->source);
    rmap_lock(vma);
    vma_split(&mm->vmas, vma, at, upper);
    rmap_add_locked(upper);
    rmap_unlock(vma);
}

void vma_cut_apply(struct mm *mm, struct vma_cut *cut)
{
    assert(rw_lock_write_held(&mm->lock));
    split_at(mm, cut, cut->start);
    split_at(mm, cut, cut->end);
    assert(!cut->spare[0] && !cut->spare[1]);
}

void vma_set_remove_range(struct mm *mm, vaddr_t start, vaddr_t end, struct list_head *removed)
{
    struct pgtable_gap gap = {.start = start, .end = end, .high = USER_TOP};
    struct vma *vma, *prev;

    assert(rw_lock_write_held(&mm->lock));
    while ((vma = vma_find_overlap(&mm->vmas, start, end))) {
        assert(vma->start >= start && vma->end <= end);
        uncount_pages(mm, vma_pages(vma), vma->flags);
        rmap_remove(vma);
        vma_remove(&mm->vmas, vma);
        list_add_tail(&vma->mapping_link, removed);
        sched_relax();
    }
    if (list_empty(removed))
        return;
    zap_range(mm, start, end);
    vma = vma_find(&mm->vmas, end);
    prev = vma ? vma_prev(vma) : vma_last(&mm->vmas);
    if (prev)
        gap.low = prev->end;
    if (vma)
        gap.high = vma->start;
    zap_tables(mm, &gap);
}

void vma_discard(struct list_head *removed)
{
    struct vma *vma, *next;

    list_for_each_entry_safe (vma, next, removed, mapping_link) {
        list_del(&vma->mapping_link);
        vma_free(vma);
        sched_relax();
    }
}

void vma_set_destroy(struct mm *mm)
{
    struct vma *vma;

    while ((vma = vma_first(&mm->vmas))) {
        uncount_pages(mm, vma_pages(vma), vma->flags);
        rmap_remove(vma);
        vma_remove(&mm->vmas, vma);
        vma_free(vma);
        sched_relax();
    }
    assert(mm->total_pages == 0 && mm->data_pages == 0);
}
