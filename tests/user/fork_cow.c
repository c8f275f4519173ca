/* After fork each side sees what was there, and its own stores only: in memory of every kind. */
#include "check.h"

static int in_data = 1, in_bss;
static char *anonymous, *file, *heap;

static void all_set(int value)
{
    volatile int *stack = alloca(sizeof(int));

    in_data = in_bss = value;
    *stack = value;
    anonymous[0] = anonymous[15 * PAGE] = file[0] = heap[0] = value;
    CHECK_EQ(*stack, value);
}

static void all_are(int value)
{
    CHECK_EQ(in_data, value);
    CHECK_EQ(in_bss, value);
    CHECK_EQ(anonymous[0], value);
    CHECK_EQ(anonymous[15 * PAGE], value);
    CHECK_EQ(file[0], value);
    CHECK_EQ(heap[0], value);
    CHECK_EQ(anonymous[PAGE], 0);
}

static void child_changes(void *unused)
{
    (void)unused;
    all_are(10);
    all_set(20);
    milliseconds_sleep(20);
    all_are(20);
}

/* Five generations, each with its own value, the parents checking after the children ended. */
static void generations(void *level)
{
    int mine = (int)(intptr_t)level;

    all_set(mine);
    if (mine < 35)
        CHECK_EXIT(child_run(generations, (void *)(intptr_t)(mine + 1)), 0);
    all_are(mine);
}

/* Children are alive together, each writing the same pages. */
static void siblings(void)
{
    pid_t children[8];

    for (int i = 0; i < 8; i++)
        children[i] = child_start(generations, (void *)(intptr_t)(30 + i % 3));
    for (int i = 0; i < 8; i++)
        CHECK_EXIT(child_wait(children[i]), 0);
}

static void child_reads(void *unused)
{
    (void)unused;
    all_are(50);
}

/* The last holder of a page writes it, after a child that only read and one that never looked. */
static void parent_writes_after_child_ended(void)
{
    all_set(50);
    CHECK_EXIT(child_run(child_reads, NULL), 0);
    all_are(50);
    all_set(51);
    all_are(51);
}

static void unmapping_is_private(void *unused)
{
    (void)unused;
    CHECK_OK(munmap(anonymous, 16 * PAGE));
    CHECK(!byte_is_readable(anonymous));
    CHECK_OK(mprotect(file, PAGE, PROT_NONE));
}

int main(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY));
    pid_t child;

    anonymous = pages_map(16);
    file = REQUIRE((char *)mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0));
    heap = REQUIRE((char *)sbrk(PAGE));
    all_set(10);
    child = child_start(child_changes, NULL);
    all_set(11);
    CHECK_EXIT(child_wait(child), 0);
    all_are(11);
    CHECK_EXIT(child_run(generations, (void *)30), 0);
    siblings();
    all_are(11);
    CHECK_EXIT(child_run(unmapping_is_private, NULL), 0);
    all_are(11);
    parent_writes_after_child_ended();
    return check_end();
}
