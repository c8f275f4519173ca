/*
 * The page cache against a naive model, over a disk whose reads complete at once, later or never
 * well: each page's bytes follow from its index, so a wrong page shows. Also the radix tree by
 * itself, the read-ahead window, and failing allocations.
 *
 * uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c mm/readahead.c
 * uses: mm/alloc/memory_map.c mm/alloc/page.c mm/alloc/buddy.c mm/alloc/shrinker.c
 * uses: mm/alloc/slab.c mm/alloc/kmalloc.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/err.h"
#include "lib/errno.h"
#include "mm/page_cache.h"
#include "mm/page_lru.h"
#include "mm/readahead.h"
#include "tests/host/support/host_alloc.h"
#include "tests/host/support/sched_host.h"

#define ARENA  (8 * MIB)
#define INDEX  200 /* the object's pages */
#define ROUNDS 100000
#define HELD   16

static struct page_cache cache;
static bool reads_wait;         /* reads complete in the wait hook only */
static bool fails[INDEX];       /* reading this page fails */
static int fail_error = -EIO;   /* with this */
static unsigned reads, batches; /* pages, calls */

static struct page *waiting[4096];
static size_t waiting_count;

static uint64_t word_of(pgoff_t index)
{
    return index * 0x9e3779b97f4a7c15UL + 1;
}

static void complete(struct page *page)
{
    bool fail = page->index < INDEX && fails[page->index];

    if (!fail)
        for (size_t i = 0; i < PAGE_SIZE / 8; i++)
            ((uint64_t *)page_address(page))[i] = word_of(page->index);
    page_read_done(page, fail ? fail_error : 0);
}

static void read_pages(struct page_cache *c, struct page **pages, size_t count)
{
    assert_ptr_equal(c, &cache);
    batches++;
    for (size_t i = 0; i < count; i++) {
        reads++;
        assert_int_equal(pages[i]->index, pages[0]->index + i);
        assert_true(page_test(pages[i], PAGE_LOCKED) && !page_test(pages[i], PAGE_UPTODATE));
        if (reads_wait)
            waiting[waiting_count++] = pages[i];
        else
            complete(pages[i]);
    }
}

/* The disk answers in any order. */
static bool complete_one(void)
{
    size_t at;

    if (waiting_count == 0)
        return false;
    at = (size_t)rand() % waiting_count;
    complete(waiting[at]);
    waiting[at] = waiting[--waiting_count];
    return true;
}

static const struct page_cache_ops disk_ops = {.read_pages = read_pages};
static const struct page_cache_ops memory_ops = {.read_pages = NULL};
static uint64_t free_at_start;

static int setup(void **state)
{
    (void)state;
    srand(3);
    host_alloc_init(ARENA);
    host_sched_init();
    page_cache_init_all();
    page_cache_init(&cache, &disk_ops, NULL);
    memset(fails, 0, sizeof(fails));
    reads_wait = false;
    reads = batches = 0;
    host_wait_hook = complete_one;
    host_signal_fatal = false;
    slab_drain();
    free_at_start = page_free_count();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    while (complete_one())
        continue;
    page_cache_destroy(&cache);
    slab_drain();
    assert_int_equal(page_cache_total(), 0);
    assert_int_equal(page_lru_count(), 0);
    assert_int_equal(page_free_count(), free_at_start);
    return 0;
}

static void check_content(const struct page *page, pgoff_t index)
{
    const uint64_t *words = page_address(page);

    assert_int_equal(page->index, index);
    assert_int_equal(words[0], word_of(index));
    assert_int_equal(words[PAGE_SIZE / 8 - 1], word_of(index));
}

static struct page *held[HELD];
static bool dirty[INDEX];

static void do_read(pgoff_t index)
{
    struct page *page = page_cache_read(&cache, index, INDEX, (size_t)rand() % 12);
    unsigned slot = (unsigned)rand() % HELD;

    if (IS_ERR(page)) {
        assert_int_equal(PTR_ERR(page), -EIO);
        assert_true(fails[index]);
        return;
    }
    check_content(page, index);
    if (held[slot])
        page_put(held[slot]);
    held[slot] = page;
}

static void do_find(pgoff_t index)
{
    struct page *ready[16], *page = page_cache_find(&cache, index);
    size_t n = page_cache_find_ready(&cache, index, 16, ready);

    if (page && page_test(page, PAGE_UPTODATE))
        check_content(page, index);
    if (page)
        page_put(page);
    for (size_t i = 0; i < n; i++) {
        assert_in_range(ready[i]->index, index, index + 15);
        check_content(ready[i], ready[i]->index);
        page_put(ready[i]);
    }
}

static void do_dirty(pgoff_t index)
{
    struct page *page = page_cache_find(&cache, index);

    if (!page)
        return;
    if (page_test(page, PAGE_UPTODATE)) {
        page_set_dirty(page);
        dirty[index] = true;
    }
    page_put(page);
}

static void do_shrink(pgoff_t index)
{
    uint64_t before = page_cache_total();
    size_t want = 1 + index % 20, got = page_cache_shrink(want);

    assert_true(got <= want);
    assert_int_equal(page_cache_total(), before - got);
    for (pgoff_t i = 0; i < INDEX; i++) {
        struct page *page = dirty[i] ? page_cache_find(&cache, i) : NULL;

        assert_true(!dirty[i] || page); /* a dirty page is never dropped */
        if (page)
            page_put(page);
    }
}

static void do_truncate(pgoff_t index)
{
    index = MAX(index, (pgoff_t)INDEX / 2);
    page_cache_truncate(&cache, index);
    for (pgoff_t i = index; i < INDEX; i++) {
        assert_null(page_cache_find(&cache, i));
        dirty[i] = false;
    }
}

static void do_fail(pgoff_t index)
{
    fails[index] = !fails[index] && rand() % 4 == 0;
}

static void do_clean(pgoff_t index)
{
    struct page *page = page_cache_find(&cache, index);

    if (!page)
        return;
    page_clear_flag(page, PAGE_DIRTY);
    dirty[index] = false;
    page_put(page);
}

static void reads_finds_and_drops_agree_with_the_model(void **state)
{
    static void (*const ops[])(pgoff_t) = {do_read,   do_read,     do_read, do_find, do_dirty,
                                           do_shrink, do_truncate, do_fail, do_clean};

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        if (round % 64 == 0)
            reads_wait = rand() % 2;
        if (rand() % 3 == 0)
            complete_one();
        ops[(unsigned)rand() % ARRAY_SIZE(ops)]((pgoff_t)rand() % INDEX);
        if (round % 64 == 0)
            page_cache_check(&cache);
    }
    for (int i = 0; i < HELD; i++)
        if (held[i])
            page_put(held[i]);
}

static void a_failed_read_is_tried_again_by_the_next(void **state)
{
    struct page *page;

    (void)state;
    fails[5] = true;
    assert_int_equal(PTR_ERR(page_cache_read(&cache, 5, INDEX, 0)), -EIO);
    assert_int_equal(PTR_ERR(page_cache_read(&cache, 5, INDEX, 0)), -EIO);
    assert_int_equal(reads, 2);
    fails[5] = false;
    page = page_cache_read(&cache, 5, INDEX, 0);
    check_content(page, 5);
    page_put(page);
}

static void want_of_memory_is_told_from_a_broken_disk(void **state)
{
    (void)state;
    fails[5] = true;
    fail_error = -ENOMEM;
    assert_int_equal(PTR_ERR(page_cache_read(&cache, 5, INDEX, 0)), -ENOMEM);
    fail_error = -EROFS;
    assert_int_equal(PTR_ERR(page_cache_read(&cache, 5, INDEX, 0)), -EIO);
    fail_error = -EIO;
}

static void a_fatal_signal_ends_the_wait(void **state)
{
    (void)state;
    reads_wait = true;
    host_signal_fatal = true;
    assert_int_equal(PTR_ERR(page_cache_read(&cache, 7, INDEX, 0)), -EINTR);
    host_signal_fatal = false;
    assert_int_equal(page_cache_shrink(100), 0); /* it is still on its way */
    assert_true(complete_one());
    assert_int_equal(page_cache_shrink(100), 1);
}

static void pages_in_use_survive_reclaim(void **state)
{
    struct page *page;

    (void)state;
    for (pgoff_t i = 0; i < 10; i++)
        page_put(page_cache_read(&cache, i, INDEX, 0));
    page = page_cache_find(&cache, 3);
    assert_int_equal(page_cache_shrink(SIZE_MAX), 9);
    check_content(page, 3);
    page_put(page);
    assert_int_equal(page_cache_shrink(SIZE_MAX), 1);
}

static void reclaim_takes_what_was_used_least_recently(void **state)
{
    (void)state;
    page_cache_start(&cache, 0, INDEX, 20);
    for (pgoff_t i = 0; i < 20; i += 2)
        page_put(page_cache_read(&cache, i, INDEX, 0));
    assert_int_equal(page_cache_shrink(10), 10);
    for (pgoff_t i = 0; i < 20; i++) {
        struct page *page = page_cache_find(&cache, i);

        assert_int_equal(page != NULL, i % 2 == 0);
        if (page)
            page_put(page);
    }
}

static void a_sequential_reader_finds_its_pages_read(void **state)
{
    struct readahead ra = {0};

    (void)state;
    for (pgoff_t i = 0; i < INDEX; i++) {
        struct page *page = page_cache_read_ahead(&cache, i, INDEX, &ra);

        check_content(page, i);
        page_put(page);
    }
    assert_int_equal(reads, INDEX); /* each once, none past the end */
    assert_true(batches <= 12);
    assert_int_equal(ra.window, READAHEAD_MAX);
}

static void a_random_reader_reads_little_ahead(void **state)
{
    struct readahead ra = {0};

    (void)state;
    for (pgoff_t i = 0; i < 10; i++) {
        struct page *page = page_cache_read_ahead(&cache, (i * 77 + 10) % INDEX, INDEX, &ra);

        page_put(page);
    }
    assert_true(reads <= 10 * READAHEAD_MIN);
}

static void memory_without_a_source_starts_as_zeroes(void **state)
{
    struct page_cache memory;
    struct page *page;

    (void)state;
    page_cache_init(&memory, &memory_ops, NULL);
    page = page_cache_read(&memory, 1UL << 40, UINT64_MAX, 8);
    assert_int_equal(memory.pages, 1);
    for (size_t i = 0; i < PAGE_SIZE; i++)
        assert_int_equal(((char *)page_address(page))[i], 0);
    page_put(page);
    page_cache_check(&memory);
    page_cache_destroy(&memory);
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 40; n++) {
        struct page *page;

        alloc_fail_nth(n);
        page = page_cache_read(&cache, (pgoff_t)1 << (n % 11 * 6), UINT64_MAX, 6);
        alloc_fail_nth(0);
        if (IS_ERR(page))
            assert_int_equal(PTR_ERR(page), -ENOMEM);
        else
            page_put(page);
        page_cache_check(&cache);
        page_cache_truncate(&cache, 0);
        slab_drain();
        assert_int_equal(page_free_count(), free_at_start);
    }
}

static void the_tree_holds_any_set_of_indices(void **state)
{
    static struct page pages[300];
    static bool in[300];
    struct page_tree tree;
    struct page_tree_reserve reserve = {0};

    (void)state;
    page_tree_init(&tree);
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
        pages[i].index = i < 100 ? i : ((uint64_t)rand() << 33 | (uint64_t)rand() << 8) + i;
    pages[299].index = UINT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        size_t at = (size_t)rand() % ARRAY_SIZE(pages);
        pgoff_t index = pages[at].index;

        if (in[at]) {
            page_tree_remove(&tree, index);
        } else {
            assert_int_equal(page_tree_reserve_fill(&reserve, page_tree_need(&tree, index)), 0);
            page_tree_insert(&tree, index, &pages[at], &reserve);
        }
        in[at] = !in[at];
        assert_ptr_equal(page_tree_find(&tree, index), in[at] ? &pages[at] : NULL);
        if (round % 512 == 0) {
            uint64_t n = 0;
            struct page *page;

            for (pgoff_t i = 0; (page = page_tree_next(&tree, i)); i = page->index + 1) {
                assert_true(in[page - pages]);
                n++;
                if (page->index == UINT64_MAX)
                    break;
            }
            assert_int_equal(page_tree_check(&tree), n);
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
        if (in[i])
            page_tree_remove(&tree, pages[i].index);
    page_tree_reserve_free(&reserve);
    assert_null(tree.root);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_tree_holds_any_set_of_indices),
        TEST(a_failed_read_is_tried_again_by_the_next),
        TEST(want_of_memory_is_told_from_a_broken_disk),
        TEST(a_fatal_signal_ends_the_wait),
        TEST(pages_in_use_survive_reclaim),
        TEST(reclaim_takes_what_was_used_least_recently),
        TEST(a_sequential_reader_finds_its_pages_read),
        TEST(a_random_reader_reads_little_ahead),
        TEST(memory_without_a_source_starts_as_zeroes),
        TEST(any_allocation_may_fail),
        TEST(reads_finds_and_drops_agree_with_the_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
