/*
 * VMAs: the ranges of an address space and what they map, in a red-black tree by address, augmented
 * with the largest free gap in front of any node of a subtree. Pure logic: no locks, no page
 * tables, so host tests run the real source. All addresses are page aligned.
 *
 *      lowest                                                            highest
 *      |  gap of a   [ a ]  gap of b   [ b ][ c ]   gap of d   [ d ]  (last)  |
 *
 * A VMA that grows keeps one page free before it (VMA_GROWSDOWN) or behind it (VMA_GROWSUP); that
 * guard page is not part of any gap, so a search never hands it out.
 *
 * Invariants (vma_check): sorted, apart, inside [lowest, highest), never empty; neighbours that
 * could be one are one; gap and max_gap are right.
 *
 * Locks: a tree in use is its mm's and all fields are (m), written under mm->lock; start, end and
 * pgoff of a VMA with a page cache change under cache->lock as well, for the reverse map.
 */
#pragma once

#include "lib/list.h"
#include "lib/rbtree.h"
#include "lib/types.h"
#include "mm/readahead.h"

struct page_source;
struct mm;

enum vma_flag {
    VMA_READ = 1u << 0,  /* = PROT_READ */
    VMA_WRITE = 1u << 1, /* = PROT_WRITE */
    VMA_EXEC = 1u << 2,  /* = PROT_EXEC */
    VMA_SHARED = 1u << 3,
    VMA_MAY_READ = 1u << 4, /* what mprotect may turn on */
    VMA_MAY_WRITE = 1u << 5,
    VMA_MAY_EXEC = 1u << 6,
    VMA_GROWSDOWN = 1u << 7,
    VMA_GROWSUP = 1u << 8,
    VMA_STACK = 1u << 9, /* the process's own stack */
    VMA_NORESERVE = 1u << 10,
    VMA_LOCKED = 1u << 11,
};

#define VMA_PROT_MASK (VMA_READ | VMA_WRITE | VMA_EXEC)
#define VMA_MAY_SHIFT 4 /* VMA_MAY_READ is VMA_READ << VMA_MAY_SHIFT, and so on */
#define VMA_GUARD     PAGE_SIZE

struct vma {
    struct rb_node node;
    vaddr_t start, end; /* [start, end) */
    uint32_t flags;     /* enum vma_flag */
    uint64_t gap;       /* free bytes before start that a search may give, guards left out */
    uint64_t max_gap;   /* the largest gap in this node's subtree */
    struct page_source *source; /* NULL: private anonymous; one reference each */
    pgoff_t pgoff; /* index in the source of the page at start; anonymous: start's own page
                      number, so that neighbours merge by the same rule */
    struct mm *mm; /* (i) */
    struct list_head mapping_link; /* in source->cache->mappings (c) */
    struct readahead ra;           /* of faults in it: a hint, changed without a lock */
};

struct vma_tree {
    struct rb_root root;
    unsigned count;
    vaddr_t lowest, highest; /* (i) where VMAs may lie */
};

void vma_tree_init(struct vma_tree *tree, vaddr_t lowest, vaddr_t highest);

/* The VMA that contains va, or the first above it; NULL if none. */
struct vma *vma_find(const struct vma_tree *tree, vaddr_t va);

/* The first VMA that overlaps [start, end), or NULL. */
struct vma *vma_find_overlap(const struct vma_tree *tree, vaddr_t start, vaddr_t end);

/* In order of addresses; NULL where there is none. */
struct vma *vma_first(const struct vma_tree *tree);
struct vma *vma_last(const struct vma_tree *tree);
struct vma *vma_next(const struct vma *vma);
struct vma *vma_prev(const struct vma *vma);

static inline uint64_t vma_pages(const struct vma *vma)
{
    return (vma->end - vma->start) >> PAGE_SHIFT;
}

/* The index in the source of the page at va, which lies in the VMA. */
static inline pgoff_t vma_index(const struct vma *vma, vaddr_t va)
{
    return vma->pgoff + ((va - vma->start) >> PAGE_SHIFT);
}

/* Puts it in; its range must be free. No merging. */
void vma_insert(struct vma_tree *tree, struct vma *vma);

/* Takes it out. */
void vma_remove(struct vma_tree *tree, struct vma *vma);

/* Changes its bounds (within the free space around it), keeping pgoff true for start. */
void vma_resize(struct vma_tree *tree, struct vma *vma, vaddr_t start, vaddr_t end);

/* upper, right behind lower, leaves the tree and lower takes its range; the caller frees upper. */
void vma_join(struct vma_tree *tree, struct vma *lower, struct vma *upper);

/*
 * Splits vma at `at` (strictly inside): vma keeps [start, at), upper (made by the caller, all
 * fields overwritten save mm's references) becomes [at, end) and is inserted.
 */
void vma_split(struct vma_tree *tree, struct vma *vma, vaddr_t at, struct vma *upper);

/* Whether lower and upper touch and could be one VMA. */
bool vma_can_merge(const struct vma *lower, const struct vma *upper);

/*
 * The highest free range of `size` bytes that ends at or below `ceiling` and starts at or above
 * `floor`, guard pages left out: its start, or 0 if there is none. O(log n).
 */
vaddr_t vma_find_gap(const struct vma_tree *tree, uint64_t size, vaddr_t floor, vaddr_t ceiling);

/* Asserts all invariants. */
void vma_check(const struct vma_tree *tree);
