/*
 * Red-black trees whose nodes live in the structures they order. The caller walks down to compare,
 * so the tree knows no keys; it keeps the height below 2 log2(n + 1).
 *
 *     struct rb_node **link = &root->node, *parent = NULL;
 *     while (*link) {
 *         parent = *link;
 *         link = key < rb_entry(parent, struct item, rb)->key ? &parent->left : &parent->right;
 *     }
 *     rb_insert(root, &item->rb, parent, link, NULL);
 *
 * An augmented tree keeps in each structure a value computed from its own data and its children's
 * values (mm/vma.h: the largest free gap below). The tree recomputes it wherever a subtree changes.
 *
 * None of these calls lock or allocate; whoever owns the tree locks.
 */
#pragma once

#include "lib/types.h"

struct rb_node {
    uintptr_t parent_colour; /* the parent's address; bit 0: this node is black */
    struct rb_node *left;
    struct rb_node *right;
};

struct rb_root {
    struct rb_node *node; /* NULL: empty */
};

/* How a tree's augmented value is kept. */
struct rb_augment {
    /* Recomputes the node's value from its own data and the values of its left and right. */
    void (*update)(struct rb_node *node);
};

/* True when a stands before b. */
typedef bool rb_less_fn(const struct rb_node *a, const struct rb_node *b);

/* The structure of type T whose member M is the node p, which must not be NULL. */
#define rb_entry(p, T, M) container_of(p, T, M)

static inline void rb_init(struct rb_root *root)
{
    root->node = NULL;
}

static inline bool rb_empty(const struct rb_root *root)
{
    return root->node == NULL;
}

/* The node above, or NULL at the root. */
static inline struct rb_node *rb_parent(const struct rb_node *node)
{
    return (struct rb_node *)(node->parent_colour & ~(uintptr_t)1);
}

/* The first, the last, the one after and the one before in order; NULL when there is none. */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

/*
 * Hangs node as a red leaf at the empty place *link below parent (NULL: as the root) and leaves the
 * tree unbalanced: rb_insert must follow at once. rb_insert also does this step, so a call of it
 * alone is enough.
 */
static inline void rb_link(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
    node->parent_colour = (uintptr_t)parent;
    node->left = NULL;
    node->right = NULL;
    *link = node;
}

/*
 * Adds node at the place the caller found: *link, which is &root->node, &parent->left or
 * &parent->right. The node's own data must be complete; aug (NULL: not augmented) recomputes it
 * and all above it. O(log n).
 */
void rb_insert(struct rb_root *root, struct rb_node *node, struct rb_node *parent,
               struct rb_node **link, const struct rb_augment *aug);

/* Takes node out of the tree; its links are left undefined. O(log n). */
void rb_erase(struct rb_root *root, struct rb_node *node, const struct rb_augment *aug);

/*
 * Recomputes node and all above it, after the caller changed the node's own data. node or aug may
 * be NULL: nothing happens. O(log n).
 */
void rb_augment_path(struct rb_node *node, const struct rb_augment *aug);

/*
 * Asserts every invariant: links agree both ways, the root is black, no red node has a red child,
 * every path from the root has the same number of black nodes and, unless less is NULL, each node
 * stands strictly before the next.
 */
void rb_check(const struct rb_root *root, rb_less_fn *less);
