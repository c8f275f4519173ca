/*
 * What the tests of mm's promises share: one address space and one file, made fresh for each test
 * and judged after it: everything in order, and every page back.
 */
#pragma once

#include "tests/host/support/mm_host.h"

#define ARENA (16 * MIB)
#define PG    PAGE_SIZE
#define BASE  0x10000000UL
#define RW    (PROT_READ | PROT_WRITE)
#define ANON  (MAP_PRIVATE | MAP_ANONYMOUS)
#define FIXED (ANON | MAP_FIXED)

static struct mm *mm;
static struct host_file file;
static uint64_t free_at_start;

static inline int setup(void **state)
{
    (void)state;
    host_mm_init(ARENA);
    host_log_clear();
    host_file_init(&file, 20 * PG + 100);
    free_at_start = host_mm_free_pages();
    mm = mm_create();
    mm->mmap_top = USER_TOP;
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    mm_check(mm);
    mm_put(mm);
    page_cache_destroy(&file.cache);
    assert_int_equal(file.refs, 1);
    assert_int_equal(host_mm_free_pages(), free_at_start);
    return 0;
}

static inline void map(vaddr_t addr, uint64_t length, unsigned prot, unsigned flags)
{
    assert_int_equal(host_mmap(mm, addr, length, prot, flags, NULL, 0), addr);
}

static inline uint64_t loaded(struct mm *from, vaddr_t va)
{
    uint64_t value = 0;

    assert_int_equal(host_load(from, va, &value), FAULT_OK);
    return value;
}

static inline void store(struct mm *to, vaddr_t va, uint64_t value)
{
    assert_int_equal(host_store(to, va, value), FAULT_OK);
}

static inline enum fault_result touch(vaddr_t va)
{
    uint64_t value;

    return host_load(mm, va, &value);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
