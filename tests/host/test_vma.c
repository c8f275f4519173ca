/*
 * The VMA tree against a naive model: an array with an entry for each page, which says whose it is.
 * The model answers every question by looking at all pages.
 *
 * mm/vma.c is included as source, so that the steps of its walks can be counted.
 *
 * uses: lib/rbtree.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/types.h"

static unsigned long steps;
#define VMA_STEP() ((void)steps++)
#include "mm/vma.c"

#define PAGES   300
#define LOWEST  (16 * PAGE_SIZE)
#define HIGHEST (LOWEST + PAGES * PAGE_SIZE)
#define ROUNDS  100000

/* The model: owner[i] is the VMA that holds page i. */
static struct vma *owner[PAGES];
static struct vma_tree tree;
static unsigned model_count;

static vaddr_t va_of(long page)
{
    return LOWEST + (vaddr_t)page * PAGE_SIZE;
}

static long page_of(vaddr_t va)
{
    return (long)((va - LOWEST) / PAGE_SIZE);
}

static void model_set(struct vma *vma, long from, long to)
{
    for (long i = from; i < to; i++)
        owner[i] = vma;
}

static bool model_free(long from, long to)
{
    for (long i = from; i < to; i++)
        if (owner[i])
            return false;
    return true;
}

/* Flags differ from VMA to VMA, so that no neighbours could merge unless a test wants it. */
static uint32_t fresh_flags(void)
{
    static uint32_t next;

    return next++ << 16;
}

static struct vma *vma_make(long from, long to)
{
    struct vma *vma = calloc(1, sizeof(*vma));
    unsigned kind = (unsigned)rand() % 8;

    assert_non_null(vma);
    vma->start = va_of(from);
    vma->end = va_of(to);
    vma->pgoff = vma->start >> PAGE_SHIFT;
    vma->flags = fresh_flags() | (kind == 0 ? VMA_GROWSDOWN : kind == 1 ? VMA_GROWSUP : 0);
    list_init(&vma->mapping_link);
    return vma;
}

static void do_insert(void)
{
    long from = rand() % PAGES, to = from + 1 + rand() % 12;
    struct vma *vma;

    if (to > PAGES || !model_free(from, to))
        return;
    vma = vma_make(from, to);
    vma_insert(&tree, vma);
    model_set(vma, from, to);
    model_count++;
}

static struct vma *pick(void)
{
    long at = rand() % PAGES;

    return owner[at];
}

static void do_remove(void)
{
    struct vma *vma = pick();

    if (!vma)
        return;
    model_set(NULL, page_of(vma->start), page_of(vma->end));
    vma_remove(&tree, vma);
    free(vma);
    model_count--;
}

/* Splits, and joins again half of the time. */
static void do_split(void)
{
    struct vma *vma = pick(), *upper;
    long from, to, at;

    if (!vma || vma->end - vma->start < 2 * PAGE_SIZE)
        return;
    from = page_of(vma->start);
    to = page_of(vma->end);
    at = from + 1 + rand() % (to - from - 1);
    upper = calloc(1, sizeof(*upper));
    vma_split(&tree, vma, va_of(at), upper);
    assert_true(vma_can_merge(vma, upper));
    assert_int_equal(upper->pgoff, vma->pgoff + (pgoff_t)(at - from));
    if (rand() % 2) {
        vma_join(&tree, vma, upper);
        free(upper);
        return;
    }
    upper->flags = fresh_flags() | (upper->flags & UINT16_MAX);
    model_set(upper, at, to);
    model_count++;
}

static void do_resize(void)
{
    struct vma *vma = pick();
    long from, to, new_from, new_to;
    pgoff_t pgoff;

    if (!vma)
        return;
    from = page_of(vma->start);
    to = page_of(vma->end);
    new_from = MAX(0L, from + rand() % 7 - 3);
    new_to = MIN((long)PAGES, to + rand() % 7 - 3);
    model_set(NULL, from, to);
    if (new_from < new_to && model_free(MIN(from, new_from), MAX(to, new_to))) {
        pgoff = vma->pgoff + (pgoff_t)(new_from - from);
        vma_resize(&tree, vma, va_of(new_from), va_of(new_to));
        assert_int_equal(vma->pgoff, pgoff);
        from = new_from;
        to = new_to;
    }
    model_set(vma, from, to);
}

static void do_find(void)
{
    long at = rand() % PAGES, end = at + 1 + rand() % 10, i = at;
    struct vma *found = vma_find(&tree, va_of(at) + (vaddr_t)(rand() % PAGE_SIZE));

    while (i < PAGES && !owner[i])
        i++;
    assert_ptr_equal(found, i < PAGES ? owner[i] : NULL);
    assert_ptr_equal(vma_find_overlap(&tree, va_of(at), va_of(end)),
                     i < end && i < PAGES ? owner[i] : NULL);
}

/* Whether page i may be given out: free, and nobody's guard. */
static bool model_usable(long i)
{
    if (owner[i])
        return false;
    if (i + 1 < PAGES && owner[i + 1] && owner[i + 1]->flags & VMA_GROWSDOWN)
        return false;
    return !(i > 0 && owner[i - 1] && owner[i - 1]->flags & VMA_GROWSUP);
}

static long model_gap(long n, long floor, long ceiling)
{
    long run = 0;

    for (long i = MIN(ceiling, (long)PAGES) - 1; i >= MAX(0L, floor); i--) {
        run = model_usable(i) ? run + 1 : 0;
        if (run == n)
            return i;
    }
    return -1;
}

static void do_find_gap(void)
{
    long n = 1 + rand() % 12, floor = rand() % PAGES, ceiling = rand() % (PAGES + 10);
    vaddr_t got;
    long want;

    if (rand() % 3 == 0)
        floor = -5, ceiling = PAGES;
    got = vma_find_gap(&tree, (uint64_t)n * PAGE_SIZE, va_of(floor), va_of(ceiling));
    want = model_gap(n, floor, ceiling);
    assert_int_equal(got, want < 0 ? 0 : va_of(want));
}

static void check_all(void)
{
    long i = 0;

    vma_check(&tree);
    assert_int_equal(tree.count, model_count);
    for (struct vma *vma = vma_first(&tree); vma; vma = vma_next(vma)) {
        for (; i < page_of(vma->start); i++)
            assert_null(owner[i]);
        for (; i < page_of(vma->end); i++)
            assert_ptr_equal(owner[i], vma);
    }
    for (; i < PAGES; i++)
        assert_null(owner[i]);
}

static void every_operation_agrees_with_the_model(void **state)
{
    static void (*const ops[])(void) = {do_insert, do_insert, do_insert,   do_remove,  do_split,
                                        do_resize, do_find,   do_find_gap, do_find_gap};

    (void)state;
    srand(2);
    vma_tree_init(&tree, LOWEST, HIGHEST);
    for (int round = 0; round < ROUNDS; round++) {
        ops[(unsigned)rand() % ARRAY_SIZE(ops)]();
        if (round % 8 == 0)
            check_all();
    }
    check_all();
    while (tree.count > 0)
        do_remove();
}

static void neighbours_merge_only_when_they_are_one(void **state)
{
    struct page_source *source = (struct page_source *)&tree;
    struct vma a = {.start = 0x1000, .end = 0x3000, .flags = VMA_READ, .pgoff = 1};
    struct vma b = {.start = 0x3000, .end = 0x4000, .flags = VMA_READ, .pgoff = 3};

    (void)state;
    assert_true(vma_can_merge(&a, &b));
    b.flags = VMA_READ | VMA_WRITE;
    assert_false(vma_can_merge(&a, &b));
    b.flags = VMA_READ;
    b.pgoff = 4;
    assert_false(vma_can_merge(&a, &b));
    b.pgoff = 3;
    b.source = source;
    assert_false(vma_can_merge(&a, &b));
    a.source = source;
    assert_true(vma_can_merge(&a, &b));
    b.start = 0x3800;
    assert_false(vma_can_merge(&a, &b));
}

#define MANY 60000

/* With n VMAs no call may look at more than this many nodes: a few paths of 2 log2(n + 1). */
#define STEPS_MAX (8 * 32)

static void sixty_thousand_vmas_cost_a_few_paths(void **state)
{
    struct vma *vmas = calloc(MANY, sizeof(*vmas));
    unsigned long worst = 0;

    (void)state;
    assert_non_null(vmas);
    vma_tree_init(&tree, PAGE_SIZE, PAGE_SIZE * 4UL * MANY);
    for (size_t i = 0; i < MANY; i++) {
        size_t slot = (i * 31337) % MANY;

        vmas[i].start = PAGE_SIZE * (1 + 2 * slot);
        vmas[i].end = vmas[i].start + PAGE_SIZE;
        steps = 0;
        vma_insert(&tree, &vmas[i]);
        worst = MAX(worst, steps);
    }
    vma_check(&tree);
    for (size_t i = 0; i < MANY; i++) {
        steps = 0;
        assert_non_null(vma_find(&tree, PAGE_SIZE * (1 + 2 * i)));
        worst = MAX(worst, steps);
        steps = 0; /* gaps of one page everywhere, none of two: the search ends at the root */
        assert_int_equal(vma_find_gap(&tree, 2 * PAGE_SIZE, 0, PAGE_SIZE * (1 + 2 * i)), 0);
        assert_int_equal(vma_find_gap(&tree, PAGE_SIZE, 0, PAGE_SIZE * (3 + 2 * i)),
                         PAGE_SIZE * (2 + 2 * i));
        worst = MAX(worst, steps);
    }
    for (size_t i = 0; i < MANY; i++) {
        steps = 0;
        vma_remove(&tree, &vmas[i]);
        worst = MAX(worst, steps);
    }
    assert_int_equal(tree.count, 0);
    assert_true(worst <= STEPS_MAX);
    free(vmas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_merge_only_when_they_are_one),
        cmocka_unit_test(every_operation_agrees_with_the_model),
        cmocka_unit_test(sixty_thousand_vmas_cost_a_few_paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
