/* brk: the heap grows and shrinks, gives zeroed pages, and stops before what else is mapped. */
#include "check.h"

static char *break_set(char *address)
{
    return (char *)syscall(SYS_brk, address);
}

static void grows_and_shrinks(char *start)
{
    CHECK_EQ(break_set(start + 100), start + 100); /* not rounded */
    start[99] = 1;
    CHECK_EQ(break_set(start + 64 * PAGE), start + 64 * PAGE);
    CHECK_EQ(start[99], 1);
    CHECK_EQ(byte_mismatch(start + 100, 64 * PAGE - 100, 0), -1);
    memset(start, 5, 64 * PAGE);
    CHECK_EQ(break_set(start + PAGE), start + PAGE);
    CHECK(byte_is_readable(start + PAGE - 1));
    CHECK(!byte_is_readable(start + PAGE));
    CHECK_KILLED(child_run(touch_store, start + PAGE), SIGSEGV);
    CHECK_EQ(break_set(start + 64 * PAGE), start + 64 * PAGE);
    CHECK_EQ(byte_mismatch(start + PAGE, 63 * PAGE, 0), -1);
    CHECK_EQ(byte_mismatch(start, PAGE, 5), -1);
}

static void refuses_by_giving_the_old_break(char *start)
{
    char *now = break_set(NULL), *wall = now + 4 * PAGE;

    CHECK_EQ(break_set((char *)1), now);
    CHECK_EQ(break_set((char *)(1UL << 62)), now);
    CHECK_EQ(break_set((char *)-1), now);
    CHECK_EQ(mmap(wall, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), wall);
    *wall = 9;
    CHECK_EQ(break_set(wall + 2 * PAGE), now);
    CHECK_EQ(*wall, 9);
    CHECK_EQ(break_set(start), start);
    CHECK_OK(munmap(wall, PAGE));
}

static void stands_in_maps(char *start)
{
    struct map_line line = {0};

    CHECK_EQ(break_set(start + 8 * PAGE), start + 8 * PAGE);
    touch_store(start);
    CHECK(map_line_find(start, &line));
    CHECK_EQ(strcmp(line.name, "[heap]"), 0);
    CHECK_EQ(strcmp(line.rights, "rw-p"), 0);
    CHECK_EQ(line.end, (unsigned long)start + 8 * PAGE);
}

static void child_break_is_its_own(void *start)
{
    CHECK_EQ(break_set(NULL), (char *)start + 8 * PAGE);
    CHECK_EQ(break_set((char *)start + 20 * PAGE), (char *)start + 20 * PAGE);
}

int main(void)
{
    char *first = break_set(NULL), *start = (char *)(((uintptr_t)first + PAGE - 1) & ~(PAGE - 1));

    CHECK(first != NULL);
    CHECK_EQ(break_set(start), start);
    grows_and_shrinks(start);
    refuses_by_giving_the_old_break(start);
    stands_in_maps(start);
    CHECK_EXIT(child_run(child_break_is_its_own, start), 0);
    CHECK_EQ(break_set(NULL), start + 8 * PAGE);
    return check_end();
}
