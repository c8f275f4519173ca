/*
 * Red-black trees: every order of inserting and erasing a few nodes, 100,000 random operations
 * against a naive model, and planted damage that rb_check must see.
 *
 * The items carry a gap and the largest gap of their subtree, as VMAs do.
 */
// uses: lib/rbtree.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/rbtree.h"
#include "lib/types.h"
#include <cmocka.h>

#define KEYS       512
#define OPERATIONS 100000
#define FEW        5
#define FACTORIAL  120

struct item {
    struct rb_node rb;
    unsigned key;
    unsigned gap;
    unsigned max_gap; /* of the subtree */
    bool present;
};

static unsigned updates;

static struct item *item_of(const struct rb_node *node)
{
    return rb_entry(node, struct item, rb);
}

static unsigned max_gap_of(const struct rb_node *node)
{
    return node ? item_of(node)->max_gap : 0;
}

static void item_update(struct rb_node *node)
{
    struct item *item = item_of(node);

    updates++;
    item->max_gap = MAX(max_gap_of(node->left), max_gap_of(node->right));
    item->max_gap = MAX(item->max_gap, item->gap);
}

static const struct rb_augment augment = {.update = item_update};

static bool item_less(const struct rb_node *a, const struct rb_node *b)
{
    return item_of(a)->key < item_of(b)->key;
}

static void item_insert(struct rb_root *root, struct item *item, const struct rb_augment *aug)
{
    struct rb_node **link = &root->node, *parent = NULL;

    while (*link) {
        parent = *link;
        link = item->key < item_of(parent)->key ? &parent->left : &parent->right;
    }
    rb_insert(root, &item->rb, parent, link, aug);
    item->present = true;
}

static void item_erase(struct rb_root *root, struct item *item, const struct rb_augment *aug)
{
    rb_erase(root, &item->rb, aug);
    memset(&item->rb, 0xa5, sizeof(item->rb));
    item->present = false;
}

/* Recomputes the largest gap from nothing and compares it at every node. */
static unsigned check_gaps(const struct rb_node *node)
{
    unsigned left, right, max;

    if (!node)
        return 0;
    left = check_gaps(node->left);
    right = check_gaps(node->right);
    max = MAX(left, right);
    max = MAX(max, item_of(node)->gap);
    assert_int_equal(item_of(node)->max_gap, max);
    return max;
}

/* The tree holds what the model says, in both directions. */
static void check_against_model(const struct rb_root *root, struct item *items, size_t n)
{
    struct rb_node *node = rb_first(root);

    rb_check(root, item_less);
    for (size_t i = 0; i < n; i++) {
        if (items[i].present) {
            assert_ptr_equal(node, &items[i].rb);
            node = rb_next(node);
        }
    }
    assert_null(node);
    node = rb_last(root);
    for (size_t i = n; i-- > 0;) {
        if (items[i].present) {
            assert_ptr_equal(node, &items[i].rb);
            node = rb_prev(node);
        }
    }
    assert_null(node);
}

/* Permutation number index of 0 to n - 1. */
static void permutation(unsigned index, unsigned *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        out[i] = i;
    for (unsigned i = n; i > 1; index /= i, i--) {
        unsigned j = index % i, kept = out[i - 1];

        out[i - 1] = out[j];
        out[j] = kept;
    }
}

static void every_order_of_a_few_keeps_the_invariants(void **state)
{
    (void)state;
    for (unsigned run = 0; run < FACTORIAL * FACTORIAL; run++) {
        struct item items[FEW] = {0};
        struct rb_root root = {0};
        unsigned in[FEW], out[FEW];

        permutation(run % FACTORIAL, in, FEW);
        permutation(run / FACTORIAL, out, FEW);
        for (unsigned i = 0; i < FEW; i++) {
            items[in[i]].key = in[i];
            items[in[i]].gap = in[i] * 7 % FEW;
            item_insert(&root, &items[in[i]], &augment);
            check_against_model(&root, items, FEW);
        }
        for (unsigned i = 0; i < FEW; i++) {
            item_erase(&root, &items[out[i]], &augment);
            check_against_model(&root, items, FEW);
            check_gaps(root.node);
        }
        assert_true(rb_empty(&root));
    }
}

static void random_operations_match_the_model(void **state)
{
    static struct item items[KEYS];
    struct rb_root root;

    (void)state;
    rb_init(&root);
    for (unsigned i = 0; i < KEYS; i++)
        items[i].key = i;
    for (unsigned op = 0; op < OPERATIONS; op++) {
        struct item *item = &items[(unsigned)rand() % KEYS];

        updates = 0;
        if (!item->present) {
            item->gap = (unsigned)rand() % 1000;
            item_insert(&root, item, &augment);
        } else if (rand() % 4 == 0) {
            item->gap = (unsigned)rand() % 1000;
            rb_augment_path(&item->rb, &augment);
        } else {
            item_erase(&root, item, &augment);
        }
        assert_true(updates <= 4 * (log2_ceil(KEYS) + 1) + 6);
        check_against_model(&root, items, KEYS);
        check_gaps(root.node);
    }
}

/* In order, which makes an unbalanced tree a list; without augmentation. */
static void sorted_insertions_stay_shallow(void **state)
{
    enum { N = 60000 };
    struct item *items = calloc(N, sizeof(*items));
    struct rb_root root = {0};

    (void)state;
    for (unsigned i = 0; i < N; i++) {
        unsigned height = 0;

        items[i].key = i;
        item_insert(&root, &items[i], NULL);
        for (const struct rb_node *node = &items[i].rb; node; node = rb_parent(node))
            height++;
        assert_true(height <= 2 * log2_ceil(i + 2));
    }
    rb_check(&root, item_less);
    for (unsigned i = 0; i < N; i++)
        item_erase(&root, &items[i], NULL);
    assert_true(rb_empty(&root));
    free(items);
}

static jmp_buf caught;

static void catch_assertion(const char *expr, const char *file, int line, const char *func)
{
    (void)expr;
    (void)file;
    (void)line;
    (void)func;
    longjmp(caught, 1);
}

static bool check_fails(const struct rb_root *root)
{
    assert_set_hook(catch_assertion);
    if (setjmp(caught) != 0)
        return true;
    rb_check(root, item_less);
    return false;
}

static void check_sees_planted_damage(void **state)
{
    struct item items[16] = {0};
    struct rb_root root = {0};
    struct rb_node *left, *top;

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(items); i++) {
        items[i].key = i;
        item_insert(&root, &items[i], NULL);
    }
    assert_false(check_fails(&root));
    top = root.node;
    left = top->left;
    items[3].key = 9; /* order */
    assert_true(check_fails(&root));
    items[3].key = 3;
    top->parent_colour ^= 1; /* a red root */
    assert_true(check_fails(&root));
    top->parent_colour ^= 1;
    left->parent_colour ^= 1; /* one side too short */
    assert_true(check_fails(&root));
    left->parent_colour ^= 1;
    left->parent_colour += sizeof(void *); /* a wrong parent */
    assert_true(check_fails(&root));
    left->parent_colour -= sizeof(void *);
    assert_false(check_fails(&root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_a_few_keeps_the_invariants),
        cmocka_unit_test(random_operations_match_the_model),
        cmocka_unit_test(sorted_insertions_stay_shallow),
        cmocka_unit_test(check_sees_planted_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
