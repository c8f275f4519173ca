/*
 * A radix tree from page index to struct page: 64 slots a node, as few levels as the largest index
 * needs. Sparse objects cost a path of nodes for each far page, dense ones a node for 64 pages.
 *
 *     height 2:         [ node of bits 6..11 of the index ]
 *                         |            |
 *     height 1:  [ bits 0..5 ]   [ bits 0..5 ]      slots hold struct page *
 *
 * Nodes are never empty, and the root never has slot 0 alone unless it is the lowest level, so the
 * shape depends on the contents only and an empty tree owns no memory.
 *
 * Insertion happens under a spin lock and must not allocate there: the caller fills a reserve
 * first, as large as page_tree_need() says, and looks again when it has the lock.
 *
 * Locks: none; the owner's (page cache: cache->lock).
 */
#pragma once

#include "lib/types.h"

struct page;
struct page_tree_node;

struct page_tree {
    struct page_tree_node *root; /* NULL: empty */
    unsigned height;             /* levels */
};

/* Nodes made beforehand. All zero: empty. */
struct page_tree_reserve {
    struct page_tree_node *nodes;
    unsigned count;
};

void page_tree_init(struct page_tree *tree);

/* The page at index, or NULL. */
struct page *page_tree_find(const struct page_tree *tree, pgoff_t index);

/* The page with the smallest index at or above this one, or NULL. */
struct page *page_tree_next(const struct page_tree *tree, pgoff_t index);

/* How many nodes an insertion at index would take now. */
unsigned page_tree_need(const struct page_tree *tree, pgoff_t index);

/* Puts page at index, which is free; the reserve holds what page_tree_need() says. */
void page_tree_insert(struct page_tree *tree, pgoff_t index, struct page *page,
                      struct page_tree_reserve *reserve);

/* Empties the slot of index, which is taken. */
void page_tree_remove(struct page_tree *tree, pgoff_t index);

/* Brings the reserve to `count` nodes. Sleeps. 0 or -ENOMEM. */
int page_tree_reserve_fill(struct page_tree_reserve *reserve, unsigned count);

/* Frees what is left in the reserve. */
void page_tree_reserve_free(struct page_tree_reserve *reserve);

/* Asserts the shape, and that each page's index is where it stands; returns the number of pages. */
uint64_t page_tree_check(const struct page_tree *tree);

/* After slab_init(). */
void page_tree_init_all(void);
