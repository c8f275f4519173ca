/* Anonymous private memory: zeroed, whole pages, rights that hold, addresses of the kernel's
 * choice. */
#include "check.h"

static void lengths_round_up_to_pages(void)
{
    char *page = REQUIRE((char *)mmap(NULL, 4, RW, ANON, -1, 0));

    CHECK_EQ((uintptr_t)page % PAGE, 0);
    CHECK_EQ(byte_mismatch(page, PAGE, 0), -1);
    page[PAGE - 1] = 7;
    CHECK_EQ(page[PAGE - 1], 7);
    CHECK_EQ(munmap(page, 1), 0);
    CHECK(!byte_is_readable(page));
}

static void rights_hold(void)
{
    static const int rights[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_WRITE};
    char *page;

    for (size_t i = 0; i < sizeof(rights) / sizeof(*rights); i++) {
        page = REQUIRE((char *)mmap(NULL, PAGE, rights[i], ANON, -1, 0));
        if (rights[i] == PROT_NONE)
            CHECK_KILLED(child_run(touch_load, page), SIGSEGV);
        else if (rights[i] & PROT_READ)
            CHECK_EXIT(child_run(touch_load, page), 0);
        if (rights[i] & PROT_WRITE)
            CHECK_EXIT(child_run(touch_store, page), 0);
        else
            CHECK_KILLED(child_run(touch_store, page), SIGSEGV);
        CHECK_OK(munmap(page, PAGE));
    }
}

#ifdef __riscv
static void fetch(void *address)
{
    ((void (*)(void))address)();
}

/* Code in memory runs only where PROT_EXEC is; `c.jr ra` twice is one word. */
static void code_runs_only_where_it_may(void)
{
    uint32_t *page = (uint32_t *)pages_map(1);

    *page = 0x80828082;
    __asm__ volatile("fence.i" ::: "memory");
    CHECK_KILLED(child_run(fetch, page), SIGSEGV);
    CHECK_OK(mprotect(page, PAGE, PROT_READ | PROT_EXEC));
    CHECK_EXIT(child_run(fetch, page), 0);
    CHECK_KILLED(child_run(touch_store, page), SIGSEGV);
}

/* mmap is 222, and 9 for the course's programs; the two differ for unknown bits of prot only. */
static void both_numbers_map(void)
{
    long flags = ANON, bad = 0x80;

    CHECK(syscall(9, 0, 4, 3, flags, -1, 0) > 0);
    CHECK(syscall(222, 0, 4, 3, flags, -1, 0) > 0);
    CHECK_ERR(syscall(9, 0, 4, 3 | bad, flags, -1, 0), EINVAL);
    CHECK_ERR(syscall(9, 0, 4, 0x3fffff1000, flags, -1, 0), EINVAL);
    CHECK(syscall(222, 0, 4, 3 | bad, flags, -1, 0) > 0);
}
#else
static void code_runs_only_where_it_may(void)
{
}

static void both_numbers_map(void)
{
}
#endif

/* A load before the first store shows zero, and the store then sticks, in each of many pages. */
static void read_then_write(void)
{
    char *pages = pages_map(64);
    long sum = 0;

    for (int i = 0; i < 64; i++)
        sum += pages[i * PAGE + 5];
    CHECK_EQ(sum, 0);
    for (int i = 0; i < 64; i++)
        pages[i * PAGE + 5] = i;
    for (int i = 0; i < 64; i++) {
        CHECK_EQ(pages[i * PAGE + 5], i);
        CHECK_EQ(pages[i * PAGE + 6], 0);
    }
    CHECK_OK(munmap(pages, 64 * PAGE));
}

static void mappings_do_not_overlap(void)
{
    char *maps[32];

    for (int i = 0; i < 32; i++) {
        maps[i] = pages_map(i + 1);
        memset(maps[i], i + 1, (i + 1) * PAGE);
    }
    for (int i = 0; i < 32; i++)
        CHECK_EQ(byte_mismatch(maps[i], (i + 1) * PAGE, i + 1), -1);
    for (int i = 0; i < 32; i++)
        CHECK_OK(munmap(maps[i], (i + 1) * PAGE));
}

int main(void)
{
    lengths_round_up_to_pages();
    rights_hold();
    code_runs_only_where_it_may();
    both_numbers_map();
    read_then_write();
    mappings_do_not_overlap();
    return check_end();
}
