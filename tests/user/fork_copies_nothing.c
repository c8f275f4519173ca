/*
 * fork copies no page that nobody writes: with 16 MiB touched, a child that only reads costs its
 * tables and a few pages of its own; one that writes a quarter costs a quarter. MemFree is the
 * judge.
 */
#include "check.h"

#define AREA      (16 * MIB)
#define SLACK_KIB 1200 /* tables, stacks, slabs, and what others do meanwhile */

static char *area;
static int ready[2], done[2];

static void hold(void)
{
    char byte = 0;

    REQUIRE(write(ready[1], &byte, 1));
    REQUIRE(read(done[0], &byte, 1));
}

static void read_all(void *unused)
{
    (void)unused;
    CHECK_EQ(byte_mismatch(area, AREA, 7), -1);
    hold();
}

static void write_quarter(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < AREA / 4; i += PAGE)
        area[i] = 8;
    hold();
}

/* How much MemFree fell while such a child is at its fullest, in KiB. */
static long cost(void (*work)(void *))
{
    long before = memory_free_kib(), during;
    pid_t child = child_start(work, NULL);
    char byte = 0;

    CHECK_EQ(read(ready[0], &byte, 1), 1);
    during = memory_free_kib();
    CHECK_EQ(write(done[1], &byte, 1), 1);
    CHECK_EXIT(child_wait(child), 0);
    return before - during;
}

int main(void)
{
    long reading, writing;

    CHECK_OK(pipe(ready));
    CHECK_OK(pipe(done));
    area = pages_map(AREA / PAGE);
    memset(area, 7, AREA);
    cost(read_all); /* warms up caches */
    reading = cost(read_all);
    writing = cost(write_quarter);
    CHECK(reading < SLACK_KIB, "a child that reads costs %ld KiB", reading);
    CHECK(writing > (long)(AREA / 4 / 1024) - SLACK_KIB, "one that writes 4096 KiB: %ld", writing);
    CHECK(writing < (long)(AREA / 4 / 1024) + SLACK_KIB, "one that writes 4096 KiB: %ld", writing);
    return check_end();
}
