/*
 * The tree of VMAs. Sorted by start; each node knows the gap before it and the largest gap in its
 * subtree, so a search for room walks one path down instead of all nodes:
 *
 *     vma_find            first VMA that ends above va: one path
 *     vma_find_gap        highest gap below a ceiling: one path up, one path down
 *     insert, remove      one path, and the gaps of the VMA and of the one behind it
 *
 * The room behind the last VMA belongs to no node; vma_find_gap looks at it first.
 */
#include "mm/vma.h"

#include "lib/assert.h"

/* Counts the nodes that searches look at; the host test defines it. */
#ifndef VMA_STEP
#define VMA_STEP() ((void)0)
#endif

static struct vma *to_vma(const struct rb_node *node)
{
    return node ? rb_entry(node, struct vma, node) : NULL;
}

static uint64_t subtree_gap(const struct rb_node *node)
{
    return node ? to_vma(node)->max_gap : 0;
}

static uint64_t computed_max_gap(const struct vma *vma)
{
    uint64_t below = MAX(subtree_gap(vma->node.left), subtree_gap(vma->node.right));

    return MAX(vma->gap, below);
}

static void update_max_gap(struct rb_node *node)
{
    VMA_STEP();
    to_vma(node)->max_gap = computed_max_gap(to_vma(node));
}

static const struct rb_augment gap_augment = {.update = update_max_gap};

void vma_tree_init(struct vma_tree *tree, vaddr_t lowest, vaddr_t highest)
{
    rb_init(&tree->root);
    tree->count = 0;
    tree->lowest = lowest;
    tree->highest = highest;
}

struct vma *vma_first(const struct vma_tree *tree)
{
    return to_vma(rb_first(&tree->root));
}

struct vma *vma_last(const struct vma_tree *tree)
{
    return to_vma(rb_last(&tree->root));
}

struct vma *vma_next(const struct vma *vma)
{
    return to_vma(rb_next(&vma->node));
}

struct vma *vma_prev(const struct vma *vma)
{
    return to_vma(rb_prev(&vma->node));
}

struct vma *vma_find(const struct vma_tree *tree, vaddr_t va)
{
    struct rb_node *node = tree->root.node;
    struct vma *best = NULL;

    while (node) {
        struct vma *vma = to_vma(node);

        VMA_STEP();
        if (vma->end > va) {
            best = vma;
            if (vma->start <= va)
                break;
            node = node->left;
        } else {
            node = node->right;
        }
    }
    return best;
}

struct vma *vma_find_overlap(const struct vma_tree *tree, vaddr_t start, vaddr_t end)
{
    struct vma *vma = vma_find(tree, start);

    return vma && vma->start < end ? vma : NULL;
}

/* Where the free room behind prev (NULL: the bottom) begins, its guard page left out. */
static vaddr_t room_start(const struct vma_tree *tree, const struct vma *prev)
{
    if (!prev)
        return tree->lowest;
    return prev->end + (prev->flags & VMA_GROWSUP ? VMA_GUARD : 0);
}

/* Where the free room before next (NULL: the top) ends, its guard page left out. */
static vaddr_t room_end(const struct vma_tree *tree, const struct vma *next)
{
    if (!next)
        return tree->highest;
    return next->start - (next->flags & VMA_GROWSDOWN ? VMA_GUARD : 0);
}

static uint64_t computed_gap(const struct vma_tree *tree, const struct vma *vma)
{
    vaddr_t from = room_start(tree, vma_prev(vma)), to = room_end(tree, vma);

    return to > from ? to - from : 0;
}

/* Recomputes the gap of vma (may be NULL) and what depends on it. */
static void refresh_gap(struct vma_tree *tree, struct vma *vma)
{
    if (!vma)
        return;
    vma->gap = computed_gap(tree, vma);
    rb_augment_path(&vma->node, &gap_augment);
}

void vma_insert(struct vma_tree *tree, struct vma *vma)
{
    struct rb_node **link = &tree->root.node, *parent = NULL;

    assert(vma->start < vma->end);
    assert(vma->start >= tree->lowest && vma->end <= tree->highest);
    while (*link) {
        parent = *link;
        VMA_STEP();
        if (vma->end <= to_vma(parent)->start) {
            link = &parent->left;
        } else {
            assert(vma->start >= to_vma(parent)->end);
            link = &parent->right;
        }
    }
    vma->gap = 0;
    rb_insert(&tree->root, &vma->node, parent, link, &gap_augment);
    tree->count++;
    refresh_gap(tree, vma);
    refresh_gap(tree, vma_next(vma));
}

void vma_remove(struct vma_tree *tree, struct vma *vma)
{
    struct vma *next = vma_next(vma);

    rb_erase(&tree->root, &vma->node, &gap_augment);
    tree->count--;
    refresh_gap(tree, next);
}

void vma_resize(struct vma_tree *tree, struct vma *vma, vaddr_t start, vaddr_t end)
{
    assert(start < end);
    vma->pgoff += (pgoff_t)((int64_t)(start - vma->start) >> PAGE_SHIFT);
    vma->start = start;
    vma->end = end;
    refresh_gap(tree, vma);
    refresh_gap(tree, vma_next(vma));
}

/*
 *      [ vma                    ]
 *      [ vma        ][ upper    ]
 *      start         at       end
 */
void vma_split(struct vma_tree *tree, struct vma *vma, vaddr_t at, struct vma *upper)
{
    vaddr_t end = vma->end;

    assert(at > vma->start && at < end && IS_ALIGNED(at, PAGE_SIZE));
    *upper = (struct vma){
        .start = at,
        .end = end,
        .flags = vma->flags,
        .source = vma->source,
        .pgoff = vma_index(vma, at),
        .mm = vma->mm,
        .ra = vma->ra,
    };
    list_init(&upper->mapping_link);
    vma_resize(tree, vma, vma->start, at);
    vma_insert(tree, upper);
}

void vma_join(struct vma_tree *tree, struct vma *lower, struct vma *upper)
{
    vaddr_t end = upper->end;

    assert(lower->end == upper->start);
    vma_remove(tree, upper);
    vma_resize(tree, lower, lower->start, end);
}

bool vma_can_merge(const struct vma *lower, const struct vma *upper)
{
    return lower->end == upper->start && lower->flags == upper->flags &&
           lower->source == upper->source && lower->pgoff + vma_pages(lower) == upper->pgoff;
}

/* The last node of this subtree, which has one, whose gap holds size. */
static struct vma *last_with_gap(struct rb_node *node, uint64_t size)
{
    for (;;) {
        VMA_STEP();
        if (subtree_gap(node->right) >= size)
            node = node->right;
        else if (to_vma(node)->gap >= size)
            return to_vma(node);
        else
            node = node->left;
    }
}

/* The last node before vma (NULL: of the whole tree) whose gap holds size, or NULL. */
static struct vma *prev_with_gap(const struct vma_tree *tree, struct vma *vma, uint64_t size)
{
    struct rb_node *node = vma ? &vma->node : tree->root.node, *parent;

    if (!vma)
        return subtree_gap(node) >= size ? last_with_gap(node, size) : NULL;
    if (subtree_gap(node->left) >= size)
        return last_with_gap(node->left, size);
    for (; (parent = rb_parent(node)); node = parent) {
        VMA_STEP();
        if (parent->right != node)
            continue;
        if (to_vma(parent)->gap >= size)
            return to_vma(parent);
        if (subtree_gap(parent->left) >= size)
            return last_with_gap(parent->left, size);
    }
    return NULL;
}

/*
 * The room that the ceiling cuts is looked at by itself. Below it the highest gap that is large
 * enough is the answer or there is none: lower ones lie even farther below the floor.
 */
vaddr_t vma_find_gap(const struct vma_tree *tree, uint64_t size, vaddr_t floor, vaddr_t ceiling)
{
    struct vma *vma;
    vaddr_t from, to;

    ceiling = MIN(ceiling, tree->highest);
    floor = MAX(floor, tree->lowest);
    if (size == 0 || ceiling <= floor || ceiling - floor < size)
        return 0;
    vma = vma_find(tree, ceiling - 1);
    from = room_start(tree, vma ? vma_prev(vma) : vma_last(tree));
    from = MAX(from, floor);
    to = room_end(tree, vma);
    to = MIN(to, ceiling);
    if (to >= from && to - from >= size)
        return to - size;
    vma = prev_with_gap(tree, vma, size);
    if (!vma || room_end(tree, vma) - size < floor)
        return 0;
    return room_end(tree, vma) - size;
}

static void check_one(const struct vma_tree *tree, const struct vma *vma)
{
    const struct vma *next = vma_next(vma);

    assert(vma->start < vma->end);
    assert(IS_ALIGNED(vma->start, PAGE_SIZE) && IS_ALIGNED(vma->end, PAGE_SIZE));
    assert(vma->start >= tree->lowest && vma->end <= tree->highest);
    assert(!next || vma->end <= next->start);
    assert(!next || !vma_can_merge(vma, next));
    assert(vma->gap == computed_gap(tree, vma));
    assert(vma->max_gap == computed_max_gap(vma));
}

static bool starts_before(const struct rb_node *a, const struct rb_node *b)
{
    return to_vma(a)->start < to_vma(b)->start;
}

void vma_check(const struct vma_tree *tree)
{
    unsigned count = 0;

    rb_check(&tree->root, starts_before);
    for (const struct vma *vma = vma_first(tree); vma; vma = vma_next(vma)) {
        check_one(tree, vma);
        count++;
    }
    assert(count == tree->count);
}
