/*
 * The radix tree of a page cache; see page_tree.h for its shape.
 *
 * A node does not know its level: a walk starts with the tree's height and counts down. Removal
 * remembers the path it came by, at most TREE_HEIGHT_MAX nodes, and frees from the end of it what
 * has become empty.
 */
#include "mm/page_tree.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/alloc/page.h"
#include "mm/alloc/slab.h"

#define NODE_BITS       6
#define NODE_SLOTS      (1u << NODE_BITS)
#define TREE_HEIGHT_MAX DIV_ROUND_UP(64, NODE_BITS)

struct page_tree_node {
    void *slots[NODE_SLOTS]; /* lowest level: struct page; above: nodes */
    unsigned count;          /* slots in use */
};

static struct slab_cache *node_cache;

void page_tree_init_all(void)
{
    node_cache = slab_cache_create("page_tree_node", sizeof(struct page_tree_node), 0, NULL);
    assert(node_cache);
}

void page_tree_init(struct page_tree *tree)
{
    tree->root = NULL;
    tree->height = 0;
}

/* The slot of a node with this many levels below and including it. */
static unsigned slot_of(pgoff_t index, unsigned height)
{
    return index >> (height - 1) * NODE_BITS & (NODE_SLOTS - 1);
}

/* Levels that a tree needs to hold index. */
static unsigned height_for(pgoff_t index)
{
    unsigned height = 1;

    while (height < TREE_HEIGHT_MAX && index >> height * NODE_BITS)
        height++;
    return height;
}

static bool in_reach(const struct page_tree *tree, pgoff_t index)
{
    return tree->height >= height_for(index);
}

struct page *page_tree_find(const struct page_tree *tree, pgoff_t index)
{
    const struct page_tree_node *node = tree->root;

    if (!in_reach(tree, index))
        return NULL;
    for (unsigned height = tree->height; height > 1 && node; height--)
        node = node->slots[slot_of(index, height)];
    return node ? node->slots[slot_of(index, 1)] : NULL;
}

static struct page *next_below(const struct page_tree_node *node, unsigned height, pgoff_t index)
{
    for (unsigned slot = slot_of(index, height); slot < NODE_SLOTS; slot++, index = 0) {
        void *child = node->slots[slot];

        if (child && height > 1)
            child = next_below(child, height - 1, index);
        if (child)
            return child;
    }
    return NULL;
}

struct page *page_tree_next(const struct page_tree *tree, pgoff_t index)
{
    return in_reach(tree, index) ? next_below(tree->root, tree->height, index) : NULL;
}

unsigned page_tree_need(const struct page_tree *tree, pgoff_t index)
{
    unsigned height = height_for(index);
    const struct page_tree_node *node = tree->root;

    if (!node)
        return height;
    if (tree->height < height) /* new roots above, and a new path below the topmost */
        return height - tree->height + height - 1;
    for (height = tree->height; height > 1; height--) {
        node = node->slots[slot_of(index, height)];
        if (!node)
            return height - 1;
    }
    return 0;
}

static struct page_tree_node *reserve_take(struct page_tree_reserve *reserve)
{
    struct page_tree_node *node = reserve->nodes;

    assert(reserve->count > 0);
    reserve->nodes = node->slots[0];
    reserve->count--;
    node->slots[0] = NULL;
    return node;
}

/* Makes the tree high enough for index. */
static void grow(struct page_tree *tree, pgoff_t index, struct page_tree_reserve *reserve)
{
    unsigned height = height_for(index);

    if (!tree->root) {
        tree->root = reserve_take(reserve);
        tree->height = height;
    }
    for (; tree->height < height; tree->height++) {
        struct page_tree_node *root = reserve_take(reserve);

        root->slots[0] = tree->root;
        root->count = 1;
        tree->root = root;
    }
}

static void slot_set(struct page_tree_node *node, unsigned slot, void *item)
{
    assert(!node->slots[slot]);
    node->slots[slot] = item;
    node->count++;
}

void page_tree_insert(struct page_tree *tree, pgoff_t index, struct page *page,
                      struct page_tree_reserve *reserve)
{
    struct page_tree_node *node;

    grow(tree, index, reserve);
    node = tree->root;
    for (unsigned height = tree->height; height > 1; height--) {
        unsigned slot = slot_of(index, height);

        if (!node->slots[slot])
            slot_set(node, slot, reserve_take(reserve));
        node = node->slots[slot];
    }
    slot_set(node, slot_of(index, 1), page);
}

/* While the root leads only to slot 0, its child is root enough. */
static void lower(struct page_tree *tree)
{
    while (tree->height > 1 && tree->root->count == 1 && tree->root->slots[0]) {
        struct page_tree_node *old = tree->root;

        tree->root = old->slots[0];
        tree->height--;
        slab_free(node_cache, old);
    }
}

void page_tree_remove(struct page_tree *tree, pgoff_t index)
{
    struct page_tree_node *path[TREE_HEIGHT_MAX + 1], *node = tree->root;
    unsigned height;

    for (height = tree->height; height > 1; height--) {
        path[height] = node;
        node = node->slots[slot_of(index, height)];
    }
    path[1] = node;
    for (height = 1; height <= tree->height; height++) {
        node = path[height];
        assert(node->slots[slot_of(index, height)]);
        node->slots[slot_of(index, height)] = NULL;
        if (--node->count > 0)
            break;
        slab_free(node_cache, node);
    }
    if (height > tree->height)
        page_tree_init(tree);
    lower(tree);
}

int page_tree_reserve_fill(struct page_tree_reserve *reserve, unsigned count)
{
    while (reserve->count < count) {
        struct page_tree_node *node = slab_alloc(node_cache, ALLOC_ZERO);

        if (!node)
            return -ENOMEM;
        node->slots[0] = reserve->nodes;
        reserve->nodes = node;
        reserve->count++;
    }
    return 0;
}

void page_tree_reserve_free(struct page_tree_reserve *reserve)
{
    while (reserve->count > 0)
        slab_free(node_cache, reserve_take(reserve));
}

static uint64_t check_node(const struct page_tree_node *node, unsigned height, pgoff_t base)
{
    uint64_t pages = 0;
    unsigned used = 0;

    for (unsigned slot = 0; slot < NODE_SLOTS; slot++) {
        pgoff_t index = base | (pgoff_t)slot << (height - 1) * NODE_BITS;

        if (!node->slots[slot])
            continue;
        used++;
        if (height > 1) {
            pages += check_node(node->slots[slot], height - 1, index);
        } else {
            assert(((struct page *)node->slots[slot])->index == index);
            pages++;
        }
    }
    assert(used > 0 && used == node->count);
    return pages;
}

uint64_t page_tree_check(const struct page_tree *tree)
{
    assert(!tree->root == !tree->height);
    if (!tree->root)
        return 0;
    assert(tree->height <= TREE_HEIGHT_MAX);
    assert(tree->height == 1 || tree->root->count > 1 || !tree->root->slots[0]);
    return check_node(tree->root, tree->height, 0);
}
