/*
 * The promises of mmap, munmap, mprotect, brk, fork and the text of maps, one by one.
 *
 * uses: mm/vma.c mm/vma_set.c mm/vma_grow.c mm/mm.c mm/mm_fork.c mm/mmap.c mm/mprotect.c mm/brk.c
 * uses: mm/fault.c mm/fault_page.c mm/oom.c mm/shmem.c mm/zap.c mm/rmap.c mm/reclaim.c mm/maps.c
 * uses: mm/pgtable.c mm/pte_map.c mm/zero_page.c mm/page_cache.c mm/page_tree.c mm/page_lock.c
 * uses: mm/page_lru.c mm/readahead.c mm/alloc/memory_map.c mm/alloc/page.c mm/alloc/buddy.c
 * uses: mm/alloc/shrinker.c mm/alloc/slab.c mm/alloc/kmalloc.c
 * uses: lib/rbtree.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mm/maps.h"
#include "tests/host/support/mm_case.h"

static void mmap_refuses_what_linux_refuses(void **state)
{
    static const struct {
        vaddr_t addr;
        uint64_t length, offset;
        unsigned prot, flags;
        bool file;
        int error;
    } cases[] = {
        {BASE, 0, 0, RW, FIXED, false, -EINVAL},
        {BASE, PG, 5, RW, FIXED, false, -EINVAL},
        {BASE + 1, PG, 0, RW, FIXED, false, -EINVAL},
        {BASE, PG, 0, RW, MAP_ANONYMOUS, false, -EINVAL},
        {BASE, PG, 0, RW, MAP_ANONYMOUS | MAP_SHARED_VALIDATE, false, -EINVAL},
        {BASE, PG, 0, RW, MAP_ANONYMOUS | MAP_SHARED | MAP_GROWSDOWN, false, -EINVAL},
        {BASE, UINT64_MAX, 0, RW, ANON, false, -ENOMEM},
        {BASE, USER_TOP + PG, 0, RW, ANON, false, -ENOMEM},
        {BASE, ARENA + PG, 0, RW, ANON, false, -ENOMEM},
        {USER_TOP, PG, 0, RW, FIXED, false, -ENOMEM},
        {0, PG, 0, RW, FIXED, false, -EPERM},
        {BASE, PG, 0, RW, ANON | MAP_HUGETLB, false, -ENOMEM},
        {BASE, PG, 0, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, true, -EINVAL},
        {BASE, PG, UINT64_MAX & PAGE_MASK, PROT_READ, MAP_PRIVATE, true, -EOVERFLOW},
        {BASE, PG, 0, RW, MAP_SHARED, true, -EACCES},
        {BASE, PG, 0, PROT_READ, MAP_SHARED_VALIDATE | 0x800000, true, -EOPNOTSUPP},
        {BASE, PG, 0, PROT_READ, 0, true, -EINVAL},
        {BASE, PG, 0, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, true, -EINVAL},
        {0x400000, PG, 0, RW, ANON | MAP_FIXED_NOREPLACE, false, -EEXIST},
    };

    (void)state;
    map(0x400000, PG, RW, FIXED);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_int_equal(host_mmap(mm, cases[i].addr, cases[i].length, cases[i].prot,
                                   cases[i].flags, cases[i].file ? &file.source : NULL,
                                   cases[i].offset),
                         cases[i].error);
    assert_int_equal(mm->total_pages, 1);
}

static void how_a_file_was_opened_limits_its_mapping(void **state)
{
    (void)state;
    file.source.may_read = false;
    assert_int_equal(host_mmap(mm, 0, PG, PROT_READ, MAP_PRIVATE, &file.source, 0), -EACCES);
    file.source.may_read = file.source.may_write = true;
    assert_int_equal(host_mmap(mm, 0, PG, RW, MAP_SHARED, &file.source, 0), -ENODEV);
    assert_int_equal(host_mmap(mm, BASE, PG, PROT_READ, MAP_SHARED, &file.source, 0), BASE);
    assert_int_equal(mm_mprotect(mm, BASE, PG, RW), -EACCES);
    file.source.no_exec = true;
    assert_int_equal(host_mmap(mm, 0, PG, PROT_EXEC, MAP_PRIVATE, &file.source, 0), -EPERM);
    file.source.cache = NULL;
    assert_int_equal(host_mmap(mm, 0, PG, PROT_READ, MAP_PRIVATE, &file.source, 0), -ENODEV);
    file.source.cache = &file.cache;
}

static void mmap_searches_downwards_and_takes_free_hints(void **state)
{
    (void)state;
    assert_int_equal(host_mmap(mm, 0, PG, RW, ANON, NULL, 0), USER_TOP - PG);
    assert_int_equal(host_mmap(mm, 0, 2 * PG, RW, ANON, NULL, 0), USER_TOP - 3 * PG);
    assert_int_equal(mm->vmas.count, 1); /* neighbours are one */
    assert_int_equal(host_mmap(mm, BASE + 5, PG, RW, ANON, NULL, 0), BASE);
    assert_int_equal(host_mmap(mm, BASE, PG, RW, ANON, NULL, 0), USER_TOP - 4 * PG);
    assert_int_equal(host_mmap(mm, 1, PG, RW, ANON, NULL, 0), USER_TOP - 5 * PG);
}

static void munmap_middle_splits_vma(void **state)
{
    (void)state;
    map(BASE, 8 * PG, RW, FIXED);
    for (unsigned i = 0; i < 8; i++)
        store(mm, BASE + i * PG, i);
    assert_int_equal(mm_munmap(mm, BASE + 2 * PG, 3 * PG), 0);
    assert_int_equal(mm->vmas.count, 2);
    assert_int_equal(mm->rss_anon, 5);
    assert_int_equal(touch(BASE + 3 * PG), FAULT_NO_VMA);
    assert_int_equal(loaded(mm, BASE + PG), 1);
    assert_int_equal(loaded(mm, BASE + 5 * PG), 5);
    assert_int_equal(mm_munmap(mm, BASE + 1, PG), -EINVAL);
    assert_int_equal(mm_munmap(mm, BASE, 0), -EINVAL);
    assert_int_equal(mm_munmap(mm, BASE - 10 * PG, 100 * PG), 0); /* holes are no error */
    assert_int_equal(mm->vmas.count, 0);
    assert_int_equal(mm->table_pages, 1);
}

static void mprotect_splits_merges_and_stops_at_holes(void **state)
{
    (void)state;
    map(BASE, 6 * PG, RW, FIXED);
    store(mm, BASE + 2 * PG, 7);
    assert_int_equal(mm_mprotect(mm, BASE + 2 * PG, 2 * PG, PROT_READ), 0);
    assert_int_equal(mm->vmas.count, 3);
    assert_int_equal(host_store(mm, BASE + 2 * PG, 1), FAULT_NO_RIGHT);
    assert_int_equal(loaded(mm, BASE + 2 * PG), 7);
    assert_int_equal(mm_mprotect(mm, BASE + 2 * PG, 2 * PG, PROT_NONE), 0);
    assert_int_equal(touch(BASE + 2 * PG), FAULT_NO_RIGHT);
    assert_int_equal(mm_mprotect(mm, BASE + 2 * PG, 2 * PG, RW), 0);
    assert_int_equal(mm->vmas.count, 1);
    assert_int_equal(loaded(mm, BASE + 2 * PG), 7);
    store(mm, BASE + 2 * PG, 8);
    assert_int_equal(mm->rss_anon, 1); /* never copied */
    assert_int_equal(mm_munmap(mm, BASE + 4 * PG, PG), 0);
    assert_int_equal(mm_mprotect(mm, BASE, 6 * PG, PROT_READ), -ENOMEM);
    assert_int_equal(host_store(mm, BASE + 3 * PG, 1), FAULT_NO_RIGHT);
    store(mm, BASE + 5 * PG, 1);
    assert_int_equal(mm_mprotect(mm, BASE + 1, PG, RW), -EINVAL);
    assert_int_equal(mm_mprotect(mm, BASE, PG, 16), -EINVAL);
    assert_int_equal(mm_mprotect(mm, BASE, 0, RW), 0);
    assert_int_equal(mm_mprotect(mm, BASE, PG, RW | PROT_GROWSDOWN), -EINVAL);
}

static void fork_copies_no_page_that_nobody_writes(void **state)
{
    struct mm *child;
    uint64_t free_before;

    (void)state;
    map(BASE, 200 * PG, RW, FIXED);
    for (unsigned i = 0; i < 200; i++)
        store(mm, BASE + i * PG, i);
    free_before = page_free_count();
    child = mm_fork(mm);
    assert_non_null(child);
    assert_int_equal(child->rss_anon, 200);
    assert_true(free_before - page_free_count() <= child->table_pages + 2); /* and slabs */
    store(child, BASE, 1000);
    assert_int_equal(loaded(mm, BASE), 0);
    assert_int_equal(loaded(child, BASE), 1000);
    free_before = page_free_count();
    store(mm, BASE, 5); /* nobody else has it any more: no copy */
    assert_int_equal(page_free_count(), free_before);
    mm_check(child);
    mm_put(child);
    mm_check(mm);
    free_before = page_free_count();
    for (unsigned i = 0; i < 200; i++)
        store(mm, BASE + i * PG, i + 1);
    assert_int_equal(page_free_count(), free_before);
}

static void fork_fails_cleanly_at_every_allocation(void **state)
{
    unsigned n = 1;

    (void)state;
    map(BASE, 20 * PG, RW, FIXED);
    map(BASE + 0x40000000UL, 4 * PG, RW, FIXED);
    assert_int_equal(host_mmap(mm, BASE - PG, PG, PROT_READ, MAP_PRIVATE, &file.source, 0),
                     BASE - PG);
    store(mm, BASE, 1);
    store(mm, BASE + 0x40000000UL, 2);
    for (bool failed = true; failed; n++) {
        struct mm *child;
        uint64_t before = host_mm_free_pages();

        alloc_fail_nth(n);
        child = mm_fork(mm);
        alloc_fail_nth(0);
        failed = !child;
        if (child)
            mm_put(child);
        mm_check(mm);
        assert_int_equal(host_mm_free_pages(), before);
    }
    assert_true(n > 6);
}

static void shared_memory_is_shared_across_fork(void **state)
{
    struct mm *child;

    (void)state;
    map(BASE, 4 * PG, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED);
    store(mm, BASE, 1);
    child = mm_fork(mm);
    store(child, BASE, 2);
    store(child, BASE + PG, 3);
    assert_int_equal(loaded(mm, BASE), 2);
    assert_int_equal(loaded(mm, BASE + PG), 3);
    assert_int_equal(reclaim_mapped(SIZE_MAX), 0); /* written pages stay */
    mm_put(child);
    assert_int_equal(loaded(mm, BASE + PG), 3);
}

static void brk_grows_shrinks_and_comes_back_zeroed(void **state)
{
    (void)state;
    mm->brk_start = mm->brk = BASE + 10;
    assert_int_equal(mm_brk(mm, 0), BASE + 10);
    assert_int_equal(mm_brk(mm, BASE + 3 * PG + 1), BASE + 3 * PG + 1);
    assert_int_equal(touch(BASE), FAULT_NO_VMA); /* the program's own last page */
    store(mm, BASE + 3 * PG, 5);
    assert_int_equal(mm_brk(mm, BASE + 2 * PG), BASE + 2 * PG);
    assert_int_equal(touch(BASE + 3 * PG), FAULT_NO_VMA);
    assert_int_equal(mm_brk(mm, BASE + 4 * PG), BASE + 4 * PG);
    assert_int_equal(loaded(mm, BASE + 3 * PG), 0);
    assert_int_equal(mm->vmas.count, 1);
    map(BASE + 8 * PG, PG, RW, FIXED);
    assert_int_equal(mm_brk(mm, BASE + 8 * PG), BASE + 4 * PG);
    assert_int_equal(mm_brk(mm, BASE + 7 * PG), BASE + 7 * PG);
    mm->data_limit = 9 * PG;
    assert_int_equal(mm_munmap(mm, BASE + 8 * PG, PG), 0);
    assert_int_equal(mm_brk(mm, BASE + 11 * PG), BASE + 7 * PG);
}

static void limits_hold_for_mmap(void **state)
{
    (void)state;
    mm->as_limit = 10 * PG;
    map(BASE, 8 * PG, RW, FIXED);
    assert_int_equal(host_mmap(mm, 0, 3 * PG, RW, ANON, NULL, 0), -ENOMEM);
    map(BASE, 10 * PG, RW, FIXED); /* replaces: two more */
    mm->as_limit = MM_NO_LIMIT;
    mm->data_limit = 10 * PG;
    assert_int_equal(host_mmap(mm, 0, PG, RW, ANON, NULL, 0), -ENOMEM);
    assert_true(host_mmap(mm, 0, PG, PROT_READ, ANON, NULL, 0) > 0);
}

static void populated_memory_is_there(void **state)
{
    (void)state;
    map(BASE, 20 * PG, RW, FIXED | MAP_POPULATE);
    assert_int_equal(mm->rss_anon, 20);
    map(BASE + 32 * PG, 2 * PG, RW, FIXED | MAP_LOCKED);
    assert_int_equal(mm->rss_anon, 22);
    map(BASE + 64 * PG, 2 * PG, RW, FIXED | MAP_POPULATE | MAP_NONBLOCK);
    map(BASE + 96 * PG, 2 * PG, PROT_NONE, FIXED | MAP_POPULATE);
    assert_int_equal(mm->rss_anon, 22);
}

static void maps_has_linux_format_in_pieces(void **state)
{
    static const char *const lines[] = {
        "0ffff000-10001000 r-xp 00002000 103:05 77                                /bin/x\n",
        "10001000-10003000 rw-p 00000000 00:00 0                                  [heap]\n",
        "10003000-10004000 ---p 00000000 00:00 0 \n",
        "3ffffff000-4000000000 rw-p 00000000 00:00 0                              [stack]\n",
    };
    char buf[MAPS_BUFFER_MIN], all[1024] = "";
    vaddr_t cursor = 0;
    size_t n;

    (void)state;
    file.source.dev = 0x10305;
    assert_int_equal(
        host_mmap(mm, BASE - PG, 2 * PG, PROT_READ | PROT_EXEC, MAP_PRIVATE, &file.source, 2 * PG),
        BASE - PG);
    mm->brk_start = mm->brk = BASE + PG;
    mm_brk(mm, BASE + 3 * PG);
    map(BASE + 3 * PG, PG, PROT_NONE, FIXED);
    assert_int_equal(host_mmap(mm, 0, PG, RW, ANON | MAP_GROWSDOWN, NULL, 0), USER_TOP - PG);
    mm->stack_start = USER_TOP - 8;
    for (int pieces = 0; (n = mm_maps_text(mm, buf, sizeof(buf), &cursor)); pieces++) {
        assert_true(pieces < 4 && n <= sizeof(buf));
        strncat(all, buf, n);
    }
    for (size_t i = 0, at = 0; i < ARRAY_SIZE(lines); i++) {
        assert_memory_equal(all + at, lines[i], strlen(lines[i]));
        at += strlen(lines[i]);
    }
    mm_describe(mm, BASE, buf, sizeof(buf));
    assert_string_equal(buf, "r-x /bin/x");
    mm_describe(mm, BASE + 100 * PG, buf, sizeof(buf));
    assert_string_equal(buf, "no mapping");
}

static void there_may_be_60000_vmas(void **state)
{
    uint64_t i;
    int64_t got = 0;

    (void)state;
    for (i = 0; got >= 0; i++)
        got = host_mmap(mm, BASE + i * PG, PG, i % 2 ? PROT_READ : PROT_NONE, FIXED, NULL, 0);
    assert_int_equal(got, -ENOMEM);
    assert_int_equal(mm->vmas.count, MM_VMA_MAX);
    assert_int_equal(mm_munmap(mm, BASE + 100 * PG, 100 * PG), 0);
    assert_int_equal(mm_munmap(mm, BASE, i * PG), 0);
    assert_int_equal(mm->vmas.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mmap_refuses_what_linux_refuses),
        TEST(how_a_file_was_opened_limits_its_mapping),
        TEST(mmap_searches_downwards_and_takes_free_hints),
        TEST(munmap_middle_splits_vma),
        TEST(mprotect_splits_merges_and_stops_at_holes),
        TEST(fork_copies_no_page_that_nobody_writes),
        TEST(fork_fails_cleanly_at_every_allocation),
        TEST(shared_memory_is_shared_across_fork),
        TEST(brk_grows_shrinks_and_comes_back_zeroed),
        TEST(limits_hold_for_mmap),
        TEST(populated_memory_is_there),
        TEST(maps_has_linux_format_in_pieces),
        TEST(there_may_be_60000_vmas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
