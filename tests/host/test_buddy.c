/*
 * The buddy allocator against a naive model that knows of each page who owns it.
 *
 * uses: mm/alloc/buddy.c mm/alloc/shrinker.c mm/alloc/page.c mm/alloc/memory_map.c
 * uses: lib/page_ops.c lib/fdt.c lib/fdt_blob.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mm/alloc/buddy.h"
#include "tests/host/support/host_alloc.h"
#include <cmocka.h>

#define ARENA       (32 * MIB)
#define PAGES       (ARENA / PAGE_SIZE)
#define OPERATIONS  100000
#define BLOCKS      2048
#define CHECK_EVERY 1000

/* What the test holds. */
struct block {
    struct page *page;
    size_t count;
    uint64_t stamp; /* written to each of its pages */
};

struct model {
    struct block block[BLOCKS];
    size_t blocks;
    uint64_t pages;    /* held in all blocks */
    bool owned[PAGES]; /* by frame, from HOST_PHYS_BASE on */
    uint64_t next_stamp;
};

static struct model model;

static size_t frame_of(const struct page *page)
{
    return (page_to_phys(page) - HOST_PHYS_BASE) >> PAGE_SHIFT;
}

static uint64_t *words_of(struct page *page)
{
    return page_address(page);
}

/* Notes a new block and writes its stamp at both ends of each page. */
static void model_add(struct page *page, size_t count, bool zeroed)
{
    struct block *b = &model.block[model.blocks++];

    *b = (struct block){page, count, ++model.next_stamp};
    assert_int_equal(page->refs, 1);
    assert_int_equal(page_block_pages(page), count);
    for (size_t i = 0; i < count; i++) {
        uint64_t *words = words_of(page + i);

        assert_true(frame_of(page + i) < PAGES);
        assert_false(model.owned[frame_of(page + i)]);
        model.owned[frame_of(page + i)] = true;
        if (zeroed)
            for (size_t w = 0; w < PAGE_SIZE / sizeof(*words); w++)
                assert_int_equal(words[w], 0);
        words[0] = words[PAGE_SIZE / sizeof(*words) - 1] = b->stamp;
    }
    model.pages += count;
}

static void model_free(size_t index)
{
    struct block b = model.block[index];

    for (size_t i = 0; i < b.count; i++) {
        uint64_t *words = words_of(b.page + i);

        assert_int_equal(words[0], b.stamp);
        assert_int_equal(words[PAGE_SIZE / sizeof(*words) - 1], b.stamp);
        model.owned[frame_of(b.page + i)] = false;
    }
    model.pages -= b.count;
    model.block[index] = model.block[--model.blocks];
    page_put(b.page);
}

static void model_free_all(void)
{
    while (model.blocks > 0)
        model_free(model.blocks - 1);
}

static void check(void)
{
    buddy_check();
    assert_int_equal(page_free_count() + model.pages, page_total());
}

static int set_up(void **state)
{
    (void)state;
    srand(1);
    memset(&model, 0, sizeof(model));
    host_buddy_init(ARENA);
    return 0;
}

/* Mostly single pages, sometimes any count up to the largest. */
static size_t random_count(void)
{
    switch (rand() % 8) {
    case 0:
        return 1 + (size_t)rand() % BUDDY_MAX_PAGES;
    case 1:
        return (size_t)1 << rand() % BUDDY_ORDERS;
    case 2:
        return 1 + (size_t)rand() % 16;
    default:
        return 1;
    }
}

static void random_step(void)
{
    host_hart_switch((unsigned)rand() % HOST_HARTS);
    if (model.blocks < BLOCKS && rand() % 2) {
        size_t count = random_count();
        unsigned flags = (rand() % 8 ? 0 : ALLOC_ZERO) | (rand() % 4 ? 0 : ALLOC_ATOMIC);
        struct page *page = page_alloc_run(count, flags);

        if (page)
            model_add(page, count, flags & ALLOC_ZERO);
    } else if (model.blocks > 0) {
        model_free((size_t)rand() % model.blocks);
    }
}

static void random_operations_agree_with_model(void **state)
{
    (void)state;
    for (int i = 0; i < OPERATIONS; i++) {
        random_step();
        if (i % CHECK_EVERY == 0)
            check();
        if (rand() % 5000 == 0)
            buddy_drain();
    }
    model_free_all();
    check();
    assert_int_equal(page_free_count(), page_total());
}

static void all_freed_and_drained_joins_to_largest_blocks(void **state)
{
    uint64_t before[BUDDY_ORDERS];

    (void)state;
    for (unsigned order = 0; order < BUDDY_ORDERS; order++)
        before[order] = buddy_free_blocks(order);
    for (int i = 0; i < 5000; i++)
        random_step();
    model_free_all();
    buddy_drain();
    buddy_check();
    for (unsigned order = 0; order < BUDDY_ORDERS; order++)
        assert_int_equal(buddy_free_blocks(order), before[order]);
}

static void blocks_are_aligned_to_their_power_of_two(void **state)
{
    (void)state;
    for (size_t count = 1; count <= BUDDY_MAX_PAGES; count = count * 3 / 2 + 1) {
        size_t align = 1;
        struct page *page = page_alloc_run(count, 0);

        while (align < count)
            align *= 2;
        assert_non_null(page);
        assert_int_equal(page_to_pfn(page) % align, 0);
        model_add(page, count, false);
    }
    check();
    model_free_all();
}

static void trimmed_tail_is_free_at_once(void **state)
{
    uint64_t before = page_free_count();
    struct page *page = page_alloc_run(513, 0);

    (void)state;
    assert_int_equal(page_free_count(), before - 513);
    page_put(page);
    assert_int_equal(page_free_count(), before);
    check();
}

static void exhaustion_leaves_reserve_to_atomic(void **state)
{
    struct page *page;
    struct list_head held = LIST_HEAD_INIT(held);
    uint64_t normal = 0, atomic = 0;

    (void)state;
    while ((page = page_alloc(0))) {
        list_add(&page->link, &held);
        normal++;
    }
    assert_true(page_free_count() > 0);
    assert_null(page_alloc_order(3, 0));
    while ((page = page_alloc(ALLOC_ATOMIC))) {
        list_add(&page->link, &held);
        atomic++;
    }
    assert_int_equal(page_free_count(), 0);
    assert_int_equal(normal + atomic, page_total());
    assert_true(atomic >= 16 && atomic <= 128);
    while (!list_empty(&held)) {
        page = list_first_entry(&held, struct page, link);
        list_del(&page->link);
        page_put(page);
    }
    check();
}

static void pages_in_other_harts_caches_are_found(void **state)
{
    uint64_t count = 0;

    (void)state;
    for (unsigned hart = 1; hart < HOST_HARTS; hart++) {
        host_hart_switch(hart);
        page_put(page_alloc(0));
    }
    host_hart_switch(0);
    while (page_alloc(ALLOC_ATOMIC))
        count++;
    assert_int_equal(count, page_total());
}

static struct page *kept[64];
static size_t kept_count, shrinker_calls;

static size_t give_back_kept(size_t want)
{
    size_t freed = 0;

    shrinker_calls++;
    for (; kept_count > 0 && freed < want; freed++)
        page_put(kept[--kept_count]);
    return freed;
}

static void shrinker_is_asked_before_failure(void **state)
{
    uint64_t more = 0;

    (void)state;
    shrinker_register(give_back_kept);
    for (kept_count = 0; kept_count < ARRAY_SIZE(kept); kept_count++)
        kept[kept_count] = page_alloc(0);
    while (page_alloc(0))
        more++;
    assert_int_equal(kept_count, 0);
    assert_true(shrinker_calls > 0 && more > 0);
}

static void atomic_never_asks_shrinkers(void **state)
{
    (void)state;
    shrinker_register(give_back_kept);
    shrinker_calls = 0;
    while (page_alloc(ALLOC_ATOMIC))
        ;
    assert_int_equal(shrinker_calls, 0);
}

static void second_put_is_caught(void **state)
{
    struct page *page = page_alloc(0), *block = page_alloc_order(2, 0);

    (void)state;
    page_put(page);
    expect_assert_failure(page_put(page));
    page_put(block);
    expect_assert_failure(page_put(block));
}

static void free_of_locked_page_is_caught(void **state)
{
    struct page *page = page_alloc(0);

    (void)state;
    page_set(page, PAGE_LOCKED);
    expect_assert_failure(page_put(page));
}

static void put_of_reserved_page_is_caught(void **state)
{
    (void)state;
    expect_assert_failure(page_put(&page_array[0]));
}

static void references_are_counted(void **state)
{
    uint64_t before = page_free_count();
    struct page *page = page_alloc_order(4, 0);

    (void)state;
    page_get(page);
    page_put(page);
    assert_int_equal(page_free_count(), before - 16);
    page_put(page);
    assert_int_equal(page_free_count(), before);
}

static void injected_failure_hits_the_nth(void **state)
{
    (void)state;
    alloc_fail_nth(3);
    assert_non_null(page_alloc(0));
    assert_non_null(page_alloc_order(1, 0));
    assert_null(page_alloc(0));
    assert_non_null(page_alloc(0));
}

/* A bank whose page array would need more memory than there is. */
static void bank_far_above_is_left_out(void **state)
{
    struct memory_map map = {
        .bank_count = 2,
        .bank = {{HOST_PHYS_BASE, HOST_PHYS_BASE + ARENA},
                 {HOST_PHYS_BASE + 64 * GIB, HOST_PHYS_BASE + 64 * GIB + ARENA}},
    };

    (void)state;
    host_memory_init(ARENA);
    host_log_clear();
    assert_int_equal(buddy_init(&map), 0);
    assert_true(page_total() > 0 && page_total() < PAGES);
    assert_non_null(strstr(host_log, "0x1080000000"));
    buddy_check();
}

static void reserved_and_holes_are_never_given(void **state)
{
    const struct memory_range taken = {HOST_PHYS_BASE + 5 * PAGE_SIZE,
                                       HOST_PHYS_BASE + 777 * PAGE_SIZE};
    struct memory_map map = {
        .bank_count = 2,
        .bank = {{HOST_PHYS_BASE, HOST_PHYS_BASE + 9 * MIB},
                 {HOST_PHYS_BASE + 10 * MIB + PAGE_SIZE, HOST_PHYS_BASE + 12 * MIB}},
        .reserved_count = 1,
        .reserved = {taken},
    };
    struct page *page;

    (void)state;
    host_memory_init(12 * MIB);
    assert_int_equal(buddy_init(&map), 0);
    buddy_check();
    while ((page = page_alloc(ALLOC_ATOMIC))) {
        paddr_t pa = page_to_phys(page);

        assert_false(pa >= taken.start && pa < taken.end);
        assert_false(pa >= map.bank[0].end && pa < map.bank[1].start);
        memset(page_address(page), 0, PAGE_SIZE);
    }
    assert_int_equal(page_free_count(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(random_operations_agree_with_model, set_up),
        cmocka_unit_test_setup(all_freed_and_drained_joins_to_largest_blocks, set_up),
        cmocka_unit_test_setup(blocks_are_aligned_to_their_power_of_two, set_up),
        cmocka_unit_test_setup(trimmed_tail_is_free_at_once, set_up),
        cmocka_unit_test_setup(exhaustion_leaves_reserve_to_atomic, set_up),
        cmocka_unit_test_setup(pages_in_other_harts_caches_are_found, set_up),
        cmocka_unit_test_setup(shrinker_is_asked_before_failure, set_up),
        cmocka_unit_test_setup(atomic_never_asks_shrinkers, set_up),
        cmocka_unit_test_setup(second_put_is_caught, set_up),
        cmocka_unit_test_setup(free_of_locked_page_is_caught, set_up),
        cmocka_unit_test_setup(put_of_reserved_page_is_caught, set_up),
        cmocka_unit_test_setup(references_are_counted, set_up),
        cmocka_unit_test_setup(injected_failure_hits_the_nth, set_up),
        cmocka_unit_test_setup(bank_far_above_is_left_out, set_up),
        cmocka_unit_test_setup(reserved_and_holes_are_never_given, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
