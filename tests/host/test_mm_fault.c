/*
 * The promises of page faults, growing stacks, reclaim, and of the end of memory, one by one.
 *
 * uses: mm/vma.c mm/vma_set.c mm/vma_grow.c mm/mm.c mm/mm_fork.c mm/mmap.c mm/mprotect.c mm/brk.c
 * uses: mm/fault.c mm/fault_page.c mm/oom.c mm/shmem.c mm/zap.c mm/rmap.c mm/reclaim.c
 * uses: mm/pgtable.c mm/pte_map.c mm/zero_page.c mm/page_cache.c mm/page_tree.c mm/page_lock.c
 * uses: mm/page_lru.c mm/readahead.c mm/alloc/memory_map.c mm/alloc/page.c mm/alloc/buddy.c
 * uses: mm/alloc/shrinker.c mm/alloc/slab.c mm/alloc/kmalloc.c
 * uses: lib/rbtree.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arch/time.h"
#include "mm/rmap.h"
#include "tests/host/support/mm_case.h"

static void what_is_read_before_it_is_written_is_the_zero_page(void **state)
{
    (void)state;
    map(BASE, 100 * PG, RW, FIXED);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(loaded(mm, BASE + i * PG), 0);
    assert_int_equal(mm->rss_anon, 0);
    store(mm, BASE + 3 * PG, 9);
    assert_int_equal(mm->rss_anon, 1);
    assert_int_equal(loaded(mm, BASE + 4 * PG), 0);
}

static void a_fault_maps_cached_pages_around_it(void **state)
{
    (void)state;
    assert_int_equal(host_mmap(mm, BASE, 21 * PG, PROT_READ, MAP_PRIVATE, &file.source, 0), BASE);
    page_cache_start(&file.cache, 0, 21, 21);
    assert_int_equal(loaded(mm, BASE + 3 * PG), host_file_word(3, 0));
    assert_int_equal(mm->rss_file, 16);
    assert_int_equal(loaded(mm, BASE + 20 * PG), host_file_word(20, 0));
    assert_int_equal(mm->rss_file, 21);
    assert_int_equal(host_task.usage.major_faults, 0);
}

static void past_the_end_of_a_file_is_a_bus_error(void **state)
{
    (void)state;
    assert_int_equal(host_mmap(mm, BASE, 30 * PG, RW, MAP_PRIVATE, &file.source, 0), BASE);
    assert_int_equal(loaded(mm, BASE + 20 * PG), host_file_word(20, 0));
    assert_int_equal(touch(BASE + 21 * PG), FAULT_BUS);
    file.broken = true;
    page_cache_truncate(&file.cache, 21);
    mm_munmap(mm, BASE, 30 * PG);
    page_cache_shrink(SIZE_MAX);
    assert_int_equal(host_mmap(mm, BASE, PG, RW, MAP_PRIVATE, &file.source, 0), BASE);
    assert_int_equal(touch(BASE), FAULT_BUS);
}

static void the_stack_grows_to_its_limit_and_keeps_its_guard(void **state)
{
    (void)state;
    map(BASE, PG, RW, FIXED | MAP_GROWSDOWN);
    mm->stack_limit = 8 * PG;
    store(mm, BASE - 3 * PG, 1);
    assert_int_equal(mm->total_pages, 4);
    assert_int_equal(touch(BASE - 7 * PG), FAULT_OK);
    assert_int_equal(touch(BASE - 8 * PG), FAULT_NO_VMA);
    mm->stack_limit = MM_STACK_LIMIT;
    map(BASE - 10 * PG, PG, RW, FIXED);
    assert_int_equal(touch(BASE - 9 * PG), FAULT_NO_VMA); /* the guard */
    assert_int_equal(touch(BASE - 8 * PG), FAULT_OK);
}

static void growsup_grows_by_the_page_behind_it(void **state)
{
    (void)state;
    map(BASE, PG, RW, FIXED | MAP_GROWSUP);
    map(BASE + 4 * PG, PG, RW, FIXED);
    assert_int_equal(touch(BASE + 2 * PG), FAULT_NO_VMA);
    store(mm, BASE + PG, 1);
    store(mm, BASE + 2 * PG, 1);
    assert_int_equal(touch(BASE + 3 * PG), FAULT_NO_VMA);
    assert_int_equal(mm->total_pages, 4);
    assert_int_equal(host_mmap(mm, BASE + 3 * PG, PG, RW, ANON, NULL, 0), USER_TOP - PG);
}

static void mapped_file_pages_are_reclaimed_and_come_back(void **state)
{
    (void)state;
    assert_int_equal(host_mmap(mm, BASE, 20 * PG, RW, MAP_PRIVATE, &file.source, 0), BASE);
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(loaded(mm, BASE + i * PG), host_file_word(i, 0));
    store(mm, BASE + 4 * PG, 1);
    page_cache_shrink(SIZE_MAX);
    assert_int_equal(mm->rss_file, 19); /* mapped pages are not for the light shrinker */
    assert_int_equal(reclaim_mapped(SIZE_MAX), 19);
    assert_int_equal(mm->rss_file, 0);
    assert_int_equal(page_cache_total(), 0);
    assert_int_equal(loaded(mm, BASE + 4 * PG), 1);
    assert_int_equal(loaded(mm, BASE + 5 * PG), host_file_word(5, 0));
}

static void write_protection_finds_every_mapping(void **state)
{
    struct mm *child;
    struct page *page;
    uint64_t harts = 0;

    (void)state;
    map(BASE, 2 * PG, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED);
    child = mm_fork(mm);
    store(mm, BASE + PG, 1);
    store(child, BASE + PG, 2);
    page = pte_page(*pgtable_lookup(mm->root, BASE + PG));
    assert_int_equal(page->mapcount, 2);
    assert_true(page_test(page, PAGE_DIRTY));
    page_lock(page);
    page_clear_flag(page, PAGE_DIRTY);
    rmap_write_protect(page, &harts);
    rmap_flush(harts);
    page_unlock(page);
    assert_false(*pgtable_lookup(mm->root, BASE + PG) & PTE_W);
    assert_false(*pgtable_lookup(child->root, BASE + PG) & PTE_W);
    store(child, BASE + PG, 3);
    assert_true(page_test(page, PAGE_DIRTY));
    assert_int_equal(loaded(mm, BASE + PG), 3);
    mm_put(child);
}

static void without_memory_the_largest_process_is_killed(void **state)
{
    uint64_t i;

    (void)state;
    host_task.mm = mm;
    host_time_ns = 1;
    map(BASE, ARENA, RW, FIXED | MAP_NORESERVE);
    for (i = 0; host_store(mm, BASE + i * PG, i) == FAULT_OK; i++)
        continue;
    assert_true(i > ARENA / PG / 2);
    assert_true(host_signals_posted > 0);
    assert_int_equal(host_signal_last, SIGKILL);
    assert_non_null(strstr(host_log, "out of memory: killed 2 (host), "));
    host_signal_fatal = true; /* and the one that is killed stops waiting */
    assert_int_equal(host_store(mm, BASE + i * PG, i), FAULT_KILLED);
    host_signal_fatal = false;
    host_task.mm = NULL;
    mm_munmap(mm, BASE, ARENA);
    map(BASE, PG, RW, FIXED);
    store(mm, BASE, 1);
}

static void copies_reach_into_other_address_spaces(void **state)
{
    char text[] = "far from home", back[sizeof(text)];

    (void)state;
    map(BASE, 2 * PG, RW, FIXED);
    assert_int_equal(mm_copy_in(mm, BASE + PG - 5, text, sizeof(text)), sizeof(text));
    assert_int_equal(mm_copy_out(mm, BASE + PG - 5, back, sizeof(back)), sizeof(back));
    assert_string_equal(text, back);
    assert_int_equal(mm_copy_in(mm, BASE + 2 * PG - 5, text, sizeof(text)), 5);
    assert_int_equal(mm_copy_out(mm, USER_TOP - 1, back, 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_read_before_it_is_written_is_the_zero_page),
        TEST(a_fault_maps_cached_pages_around_it),
        TEST(past_the_end_of_a_file_is_a_bus_error),
        TEST(the_stack_grows_to_its_limit_and_keeps_its_guard),
        TEST(growsup_grows_by_the_page_behind_it),
        TEST(mapped_file_pages_are_reclaimed_and_come_back),
        TEST(write_protection_finds_every_mapping),
        TEST(without_memory_the_largest_process_is_killed),
        TEST(copies_reach_into_other_address_spaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
