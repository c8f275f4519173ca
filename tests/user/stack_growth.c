/* The stack grows as it is used, to its 8 MiB, and a step beyond is SIGSEGV. */
#include "check.h"

#include <sys/resource.h>

#pragma GCC diagnostic ignored "-Winfinite-recursion"

static __attribute__((noinline)) int recurse(volatile char *above, long depth)
{
    volatile char frame[1024];

    frame[0] = above ? above[0] + 1 : 0;
    frame[1023] = frame[0];
    if (depth == 0)
        return frame[0];
    return recurse(frame, depth - 1) + frame[1023] - frame[0];
}

static void recurse_6_mib(void *unused)
{
    (void)unused;
    recurse(NULL, 6 * 1024 * 1024 / 1100);
}

static void recurse_without_end(void *unused)
{
    (void)unused;
    recurse(NULL, 1L << 40);
}

/* One frame of 4 MiB, touched at its far end first. */
static void large_frame(void *unused)
{
    volatile char frame[4 * MIB];

    (void)unused;
    frame[0] = 1;
    frame[sizeof(frame) - 1] = 2;
    CHECK_EQ(frame[0] + frame[sizeof(frame) - 1], 3);
    CHECK_EQ(byte_mismatch((char *)frame + 1, PAGE, 0), -1);
}

static void limit_is_8_mib(void)
{
    struct rlimit limit = {0};

    CHECK_OK(getrlimit(RLIMIT_STACK, &limit));
    CHECK_EQ(limit.rlim_cur, 8 * MIB);
}

static void stands_in_maps(void)
{
    struct map_line line = {0};
    int local;

    CHECK(map_line_find(&local, &line));
    CHECK_EQ(strcmp(line.name, "[stack]"), 0);
    CHECK_EQ(strcmp(line.rights, "rw-p"), 0);
}

int main(void)
{
    limit_is_8_mib();
    stands_in_maps();
    CHECK_EXIT(child_run(recurse_6_mib, NULL), 0);
    CHECK_EXIT(child_run(large_frame, NULL), 0);
    CHECK_KILLED(child_run(recurse_without_end, NULL), SIGSEGV);
    return check_end();
}
