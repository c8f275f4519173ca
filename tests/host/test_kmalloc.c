/*
 * kmalloc: every kind of size, what it wastes, random use against a model.
 *
 * uses: mm/alloc/slab.c mm/alloc/kmalloc.c mm/alloc/buddy.c mm/alloc/shrinker.c mm/alloc/page.c
 * uses: mm/alloc/memory_map.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mm/alloc/kmalloc.h"
#include "mm/alloc/slab.h"
#include "tests/host/support/host_alloc.h"
#include <cmocka.h>

#define ARENA      (32 * MIB)
#define OPERATIONS 50000
#define BLOCKS     600

static int set_up(void **state)
{
    (void)state;
    srand(3);
    host_alloc_init(ARENA);
    return 0;
}

/* 1, 2, 3 … near the classes, then in growing steps to the largest, with both sides of pages. */
static size_t next_size(size_t size)
{
    if (size < 12 * KIB)
        return size + 1;
    if (size % PAGE_SIZE == 0)
        return size + 1;
    return size % PAGE_SIZE == 1 ? size + PAGE_SIZE - 2 : size + 1 + (size / 64 & PAGE_MASK);
}

static void rounding_wastes_a_quarter_at_most(void **state)
{
    (void)state;
    for (size_t size = 1; size <= KMALLOC_MAX; size = next_size(size)) {
        char *p = kmalloc(size, 0);
        size_t real;

        assert_non_null(p);
        real = kmalloc_size(p);
        assert_true(real >= size);
        assert_true(size <= 64 ? real - size < 16 : (real - size) * 4 <= real);
        assert_int_equal((uintptr_t)p % 16, 0);
        if (size >= 3 * PAGE_SIZE)
            assert_int_equal((uintptr_t)p % PAGE_SIZE, 0);
        memset(p, 0, real);
        kmfree(p);
    }
    assert_non_null(kmalloc(KMALLOC_MAX, 0));
}

/* Pages, not only rounding: what a thousand objects of a size cost. */
static void memory_used_is_at_most_a_third_more(void **state)
{
    static void *p[1000];

    (void)state;
    for (size_t size = 65; size <= 10 * KIB; size += 131) {
        size_t pages;
        uint64_t before;

        slab_drain();
        before = page_free_count();
        for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
            p[i] = kmalloc(size, 0);
            assert_non_null(p[i]);
        }
        pages = before - page_free_count();
        assert_true(pages * PAGE_SIZE * 3 <= size * ARRAY_SIZE(p) * 4 + 64 * KIB * 3);
        for (size_t i = 0; i < ARRAY_SIZE(p); i++)
            kmfree(p[i]);
    }
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    assert_null(kmalloc(0, 0));
    assert_null(kmalloc(KMALLOC_MAX + 1, 0));
    assert_null(kmalloc(SIZE_MAX, 0));
    kmfree(NULL);
}

static void zero_flag_clears_every_byte(void **state)
{
    static const size_t sizes[] = {1, 16, 100, 5000, 10 * KIB, 12 * KIB, 100 * KIB};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        unsigned char *p = kmalloc(sizes[i], 0);

        memset(p, 0xff, sizes[i]);
        kmfree(p);
        p = kmalloc(sizes[i], ALLOC_ZERO);
        for (size_t b = 0; b < sizes[i]; b++)
            assert_int_equal(p[b], 0);
        kmfree(p);
    }
}

struct held {
    unsigned char *p;
    size_t size;
    unsigned char fill;
};

static size_t random_size(void)
{
    size_t power = (size_t)1 << rand() % 18;

    return power + (size_t)rand() % power;
}

static void held_check(const struct held *h)
{
    assert_int_equal(h->p[0], h->fill);
    assert_int_equal(h->p[h->size / 2], h->fill);
    assert_int_equal(h->p[h->size - 1], h->fill);
}

static void random_use_leaks_and_mixes_nothing(void **state)
{
    static struct held held[BLOCKS];
    uint64_t before;
    size_t count = 0;

    (void)state;
    slab_drain();
    before = page_free_count();
    for (int i = 0; i < OPERATIONS; i++) {
        struct held h = {.size = random_size(), .fill = (unsigned char)rand()};

        host_hart_switch((unsigned)rand() % HOST_HARTS);
        if (count < BLOCKS && rand() % 2 && (h.p = kmalloc(h.size, 0))) {
            memset(h.p, h.fill, h.size);
            held[count++] = h;
        } else if (count > 0) {
            size_t k = (size_t)rand() % count;

            held_check(&held[k]);
            kmfree(held[k].p);
            held[k] = held[--count];
        }
        if (i % 5000 == 0)
            buddy_check();
    }
    while (count > 0)
        kmfree(held[--count].p);
    slab_drain();
    assert_int_equal(page_free_count(), before);
    buddy_check();
}

static void each_failing_allocation_is_null(void **state)
{
    (void)state;
    alloc_fail_nth(1);
    assert_null(kmalloc(100, 0));
    assert_non_null(kmalloc(100, 0));
    alloc_fail_nth(1);
    assert_null(kmalloc(100 * KIB, 0));
    assert_non_null(kmalloc(100 * KIB, 0));
}

static void wrong_frees_are_caught(void **state)
{
    char *big = kmalloc(100 * KIB, 0);
    struct slab_cache *cache = slab_cache_create("own", 128, 0, NULL);

    (void)state;
    expect_assert_failure(kmfree(big + PAGE_SIZE));
    expect_assert_failure(kmfree(big + 16));
    expect_assert_failure(kmfree(slab_alloc(cache, 0)));
    kmfree(big);
    expect_assert_failure(kmfree(big));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(rounding_wastes_a_quarter_at_most, set_up),
        cmocka_unit_test_setup(memory_used_is_at_most_a_third_more, set_up),
        cmocka_unit_test_setup(impossible_sizes_are_refused, set_up),
        cmocka_unit_test_setup(zero_flag_clears_every_byte, set_up),
        cmocka_unit_test_setup(random_use_leaks_and_mixes_nothing, set_up),
        cmocka_unit_test_setup(each_failing_allocation_is_null, set_up),
        cmocka_unit_test_setup(wrong_frees_are_caught, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
