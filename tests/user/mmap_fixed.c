/* Where a mapping comes to lie: hints, MAP_FIXED, MAP_FIXED_NOREPLACE. */
#include "check.h"

static void a_free_hint_is_taken(void)
{
    char *area = pages_map(16);

    CHECK_OK(munmap(area, 16 * PAGE));
    CHECK_EQ(mmap(area + 4 * PAGE, PAGE, RW, ANON, -1, 0), area + 4 * PAGE);
    /* A hint is rounded down to a page; one that is taken gives another place. */
    CHECK_EQ(mmap(area + 8 * PAGE + 100, PAGE, RW, ANON, -1, 0), area + 8 * PAGE);
    area[4 * PAGE] = 1;
    CHECK(mmap(area + 4 * PAGE, PAGE, RW, ANON, -1, 0) != area + 4 * PAGE);
    CHECK_EQ(area[4 * PAGE], 1);
}

static void fixed_replaces_what_was_there(void)
{
    char *area = pages_map(8);

    memset(area, 1, 8 * PAGE);
    CHECK_EQ(mmap(area + 2 * PAGE, 3 * PAGE, RW, ANON | MAP_FIXED, -1, 0), area + 2 * PAGE);
    CHECK_EQ(byte_mismatch(area, 2 * PAGE, 1), -1);
    CHECK_EQ(byte_mismatch(area + 2 * PAGE, 3 * PAGE, 0), -1);
    CHECK_EQ(byte_mismatch(area + 5 * PAGE, 3 * PAGE, 1), -1);
    /* Over the edge, with other rights, into what is not mapped. */
    CHECK_OK(munmap(area + 7 * PAGE, PAGE));
    CHECK_EQ(mmap(area + 6 * PAGE, 2 * PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0), area + 6 * PAGE);
    CHECK_KILLED(child_run(touch_store, area + 6 * PAGE), SIGSEGV);
    CHECK_EQ(area[7 * PAGE], 0);
    CHECK_EQ(area[6 * PAGE - 1], 1);
}

static void noreplace_replaces_nothing(void)
{
    char *area = pages_map(4);

    memset(area, 3, 4 * PAGE);
    CHECK_ERR(mmap(area, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
    CHECK_ERR(mmap(area - PAGE, 2 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
    CHECK_OK(munmap(area + PAGE, PAGE));
    CHECK_ERR(mmap(area + PAGE, 2 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
    CHECK_EQ(mmap(area + PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), area + PAGE);
    CHECK_EQ(area[0], 3);
    CHECK_EQ(area[PAGE], 0);
    CHECK_EQ(area[2 * PAGE], 3);
}

static void fixed_refuses_bad_places(void)
{
    char *area = pages_map(1);

    CHECK_ERR(mmap(area + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0), EINVAL);
    CHECK_ERR(mmap(area + 1, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EINVAL);
    CHECK_ERR(mmap((void *)-PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_ERR(mmap((void *)(1UL << 62), PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_ERR(mmap(area, 1UL << 62, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
#ifdef __riscv
    /* Sv39: user addresses end at 256 GiB. The last page below may be had, and no more. */
    CHECK_ERR(mmap((void *)(1UL << 38), PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_ERR(mmap((void *)((1UL << 38) - PAGE), 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_ERR(mmap(NULL, PAGE, RW, ANON | MAP_FIXED, -1, 0), EPERM);
#endif
    *area = 1;
    CHECK_EQ(*area, 1);
}

/* A hint that cannot be followed is no error. */
static void bad_hints_are_only_hints(void)
{
    CHECK_OK(mmap((void *)(1UL << 62), PAGE, RW, ANON, -1, 0));
    CHECK_OK(mmap((void *)-PAGE, PAGE, RW, ANON, -1, 0));
    CHECK(REQUIRE(mmap((void *)1, PAGE, RW, ANON, -1, 0)) != NULL);
    CHECK(REQUIRE(mmap(NULL, PAGE, RW, ANON, -1, 0)) != NULL);
}

int main(void)
{
    a_free_hint_is_taken();
    fixed_replaces_what_was_there();
    noreplace_replaces_nothing();
    fixed_refuses_bad_places();
    bad_hints_are_only_hints();
    return check_end();
}
