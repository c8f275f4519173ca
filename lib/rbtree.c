/*
 * Red-black trees. The rules:
 *
 *   1. The root is black, and so is every missing child.
 *   2. A red node has no red child.
 *   3. Every path from a node down to a missing child has the same number of black nodes.
 *
 * Insertion adds a red leaf, which can only break rule 2 between it and its parent; erasure takes a
 * node with at most one child out of its place, which can only break rule 3 there. Each loop below
 * repairs its break or moves it up two levels (insertion) or one (erasure); rotations, at most two
 * and three, end it. Both write "side" for the side on which the trouble is, so that each mirror
 * image is the same code.
 *
 * Augmented values: the path from the changed place to the root is recomputed first, so that all of
 * the tree is right; after that a rotation changes only the two nodes it turns.
 */
#include "lib/rbtree.h"
#include "lib/assert.h"
#include "lib/types.h"

#define BLACK ((uintptr_t)1)

/* A path alternates colours at worst, and there are fewer than 2^64 nodes. */
#define HEIGHT_MAX 128

enum side { LEFT, RIGHT };

static inline enum side other(enum side side)
{
    return side == LEFT ? RIGHT : LEFT;
}

static inline struct rb_node **child_link(struct rb_node *node, enum side side)
{
    return side == LEFT ? &node->left : &node->right;
}

static inline struct rb_node *child(const struct rb_node *node, enum side side)
{
    return side == LEFT ? node->left : node->right;
}

static inline enum side side_of(const struct rb_node *node, const struct rb_node *parent)
{
    return parent->left == node ? LEFT : RIGHT;
}

static inline bool is_red(const struct rb_node *node)
{
    return node && !(node->parent_colour & BLACK);
}

static inline void set_black(struct rb_node *node)
{
    node->parent_colour |= BLACK;
}

static inline void set_red(struct rb_node *node)
{
    node->parent_colour &= ~BLACK;
}

static inline void set_parent(struct rb_node *node, struct rb_node *parent)
{
    node->parent_colour = (uintptr_t)parent | (node->parent_colour & BLACK);
}

static inline void update(struct rb_node *node, const struct rb_augment *aug)
{
    if (aug)
        aug->update(node);
}

/* Lets parent (NULL: the root) point to new where it pointed to old. */
static void replace_child(struct rb_root *root, struct rb_node *parent, struct rb_node *old,
                          struct rb_node *new)
{
    if (!parent)
        root->node = new;
    else
        *child_link(parent, side_of(old, parent)) = new;
}

/*
 * Turns top down to its given side; the child on the other side takes its place, and both keep
 * their colours. To the left:
 *
 *        top                 up
 *       /   \              /    \
 *      a     up    ->    top     c
 *           /  \        /   \
 *          b    c      a     b
 */
static void rotate(struct rb_root *root, struct rb_node *top, enum side side,
                   const struct rb_augment *aug)
{
    struct rb_node *parent = rb_parent(top);
    struct rb_node *up = child(top, other(side));
    struct rb_node *middle = child(up, side);

    *child_link(top, other(side)) = middle;
    if (middle)
        set_parent(middle, top);
    *child_link(up, side) = top;
    replace_child(root, parent, top, up);
    set_parent(up, parent);
    set_parent(top, up);
    update(top, aug);
    update(up, aug);
}

static struct rb_node *outermost(struct rb_node *node, enum side side)
{
    while (node && child(node, side))
        node = child(node, side);
    return node;
}

/* The next node towards the given side in order. */
static struct rb_node *neighbour(const struct rb_node *node, enum side side)
{
    const struct rb_node *parent;

    if (child(node, side))
        return outermost(child(node, side), other(side));
    while ((parent = rb_parent(node)) && side_of(node, parent) == side)
        node = parent;
    return (struct rb_node *)parent;
}

struct rb_node *rb_first(const struct rb_root *root)
{
    return outermost(root->node, LEFT);
}

struct rb_node *rb_last(const struct rb_root *root)
{
    return outermost(root->node, RIGHT);
}

struct rb_node *rb_next(const struct rb_node *node)
{
    return neighbour(node, RIGHT);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
    return neighbour(node, LEFT);
}

void rb_augment_path(struct rb_node *node, const struct rb_augment *aug)
{
    if (!aug)
        return;
    for (; node; node = rb_parent(node))
        aug->update(node);
}

/* Repairs rule 2, which at most node, red, and its parent break. */
static void insert_fixup(struct rb_root *root, struct rb_node *node, const struct rb_augment *aug)
{
    struct rb_node *parent;

    while (is_red(parent = rb_parent(node))) {
        struct rb_node *grand = rb_parent(parent);
        enum side side = side_of(parent, grand);
        struct rb_node *uncle = child(grand, other(side));

        if (is_red(uncle)) {
            set_black(parent);
            set_black(uncle);
            set_red(grand);
            node = grand;
            continue;
        }
        if (side_of(node, parent) != side) {
            rotate(root, parent, side, aug);
            parent = node;
        }
        set_black(parent);
        set_red(grand);
        rotate(root, grand, other(side), aug);
        break;
    }
    set_black(root->node);
}

void rb_insert(struct rb_root *root, struct rb_node *node, struct rb_node *parent,
               struct rb_node **link, const struct rb_augment *aug)
{
    rb_link(node, parent, link);
    rb_augment_path(node, aug);
    insert_fixup(root, node, aug);
}

/*
 * Repairs rule 3: all paths through parent's side have one black node too few, and what stands
 * there is black or missing. The sibling is never missing, for its side has black nodes to spare.
 */
static void erase_fixup(struct rb_root *root, struct rb_node *parent, enum side side,
                        const struct rb_augment *aug)
{
    while (parent) {
        struct rb_node *sibling = child(parent, other(side));

        if (is_red(sibling)) {
            set_black(sibling);
            set_red(parent);
            rotate(root, parent, side, aug);
            sibling = child(parent, other(side));
        }
        if (is_red(sibling->left) || is_red(sibling->right)) {
            if (!is_red(child(sibling, other(side)))) {
                set_black(child(sibling, side));
                set_red(sibling);
                rotate(root, sibling, other(side), aug);
                sibling = child(parent, other(side));
            }
            if (!is_red(parent))
                set_black(sibling);
            else
                set_red(sibling);
            set_black(parent);
            set_black(child(sibling, other(side)));
            rotate(root, parent, side, aug);
            return;
        }
        set_red(sibling);
        if (is_red(parent)) {
            set_black(parent);
            return;
        }
        if (rb_parent(parent))
            side = side_of(parent, rb_parent(parent));
        parent = rb_parent(parent);
    }
}

/*
 * Takes node, which has at most one child, out of its place. An only child is red and hangs below a
 * black node, so it can take the black colour over.
 */
static void erase_from_place(struct rb_root *root, struct rb_node *node,
                             const struct rb_augment *aug)
{
    struct rb_node *parent = rb_parent(node);
    struct rb_node *only = node->left ? node->left : node->right;
    enum side side = parent ? side_of(node, parent) : LEFT;

    replace_child(root, parent, node, only);
    if (only) {
        set_parent(only, parent);
        set_black(only);
    }
    rb_augment_path(parent, aug);
    if (!only && !is_red(node))
        erase_fixup(root, parent, side, aug);
}

/* Puts new in old's place, with old's colour and children. */
static void take_place(struct rb_root *root, struct rb_node *old, struct rb_node *new)
{
    replace_child(root, rb_parent(old), old, new);
    *new = *old;
    if (new->left)
        set_parent(new->left, new);
    if (new->right)
        set_parent(new->right, new);
}

/*
 * A node with two children first gives its place to the next node in order, which has no left
 * child. That one leaves its own place before: the fixup may move node, but never takes it out.
 */
void rb_erase(struct rb_root *root, struct rb_node *node, const struct rb_augment *aug)
{
    struct rb_node *next;

    if (!node->left || !node->right) {
        erase_from_place(root, node, aug);
        return;
    }
    next = outermost(node->right, LEFT);
    erase_from_place(root, next, aug);
    take_place(root, node, next);
    rb_augment_path(next, aug);
}

/* Checks the subtree and returns how many black nodes each path down has. */
static unsigned check_subtree(const struct rb_node *node, const struct rb_node *parent,
                              unsigned height)
{
    unsigned black;

    if (!node)
        return 0;
    assert(height < HEIGHT_MAX);
    assert(rb_parent(node) == parent);
    assert(!(is_red(node) && (is_red(node->left) || is_red(node->right))));
    black = check_subtree(node->left, node, height + 1);
    assert(check_subtree(node->right, node, height + 1) == black);
    return black + !is_red(node);
}

void rb_check(const struct rb_root *root, rb_less_fn *less)
{
    const struct rb_node *next;

    assert(!is_red(root->node));
    check_subtree(root->node, NULL, 0);
    if (!less)
        return;
    for (const struct rb_node *node = rb_first(root); node; node = next) {
        next = rb_next(node);
        assert(!next || less(node, next));
    }
}
