/*
 * munmap of every range of a mapping of eight pages, and of ranges over several mappings and the
 * holes between: exactly the pages named go, the others keep what they hold.
 */
#include "check.h"

#define COUNT 8

static void fill(char *area)
{
    for (int i = 0; i < COUNT; i++)
        memset(area + i * PAGE, i + 1, PAGE);
}

/* Pages [from, to) are gone; the others of COUNT hold what fill() wrote. */
static void expect_gone(char *area, int from, int to)
{
    for (int i = 0; i < COUNT; i++) {
        if (i >= from && i < to)
            CHECK(!byte_is_readable(area + i * PAGE), "page %d, [%d, %d) unmapped", i, from, to);
        else
            CHECK_EQ(byte_mismatch(area + i * PAGE, PAGE, i + 1), -1);
    }
}

static void every_range_of_one_mapping(void)
{
    char *area;

    for (int from = 0; from < COUNT; from++)
        for (int to = from + 1; to <= COUNT; to++) {
            area = pages_map(COUNT);
            fill(area);
            CHECK_OK(munmap(area + from * PAGE, (to - from) * PAGE));
            expect_gone(area, from, to);
            /* What is free can be had again, and is new. */
            CHECK_EQ(mmap(area + from * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0),
                     area + from * PAGE);
            CHECK_EQ(area[from * PAGE], 0);
            CHECK_OK(munmap(area, COUNT * PAGE));
            expect_gone(area, 0, COUNT);
        }
}

/* Every range over pages that are three mappings of different rights, and a hole. */
static void every_range_over_several_mappings(void)
{
    char *area;

    for (int from = 0; from < COUNT; from++)
        for (int to = from + 1; to <= COUNT; to++) {
            area = pages_map(COUNT);
            fill(area);
            CHECK_OK(mprotect(area + 2 * PAGE, 2 * PAGE, PROT_READ));
            CHECK_OK(mprotect(area + 6 * PAGE, PAGE, PROT_READ | PROT_EXEC));
            CHECK_OK(munmap(area + 4 * PAGE, PAGE));
            CHECK_OK(munmap(area + from * PAGE, (to - from) * PAGE));
            for (int i = 0; i < COUNT; i++)
                CHECK_EQ(byte_is_readable(area + i * PAGE), i != 4 && (i < from || i >= to));
            CHECK_OK(munmap(area, COUNT * PAGE));
        }
}

static void unmapped_memory_faults(void)
{
    char *area = pages_map(3);

    memset(area, 1, 3 * PAGE);
    CHECK_OK(munmap(area + PAGE, PAGE));
    CHECK_KILLED(child_run(touch_load, area + PAGE), SIGSEGV);
    CHECK_KILLED(child_run(touch_store, area + 2 * PAGE - 1), SIGSEGV);
    CHECK_EXIT(child_run(touch_store, area + PAGE - 1), 0);
    CHECK_EXIT(child_run(touch_store, area + 2 * PAGE), 0);
}

int main(void)
{
    every_range_of_one_mapping();
    every_range_over_several_mappings();
    unmapped_memory_faults();
    return check_end();
}
