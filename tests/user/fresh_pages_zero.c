/* Fresh memory never shows old bytes: children write a pattern to much memory and die, others look.
 */
#include "check.h"

#define AREA (24 * MIB)

static void dirty(void *value)
{
    char *area = pages_map(AREA / PAGE);

    memset(area, (int)(intptr_t)value, AREA);
    memset((char *)sbrk(4 * MIB), (int)(intptr_t)value, 4 * MIB);
}

static void look(void *unused)
{
    char *area = pages_map(AREA / PAGE), *heap;
    char stack[MIB], *below = stack;

    (void)unused;
    __asm__("" : "+r"(below)::"memory"); /* never written: what the kernel gave */
    CHECK_EQ(byte_mismatch(area, AREA, 0), -1);
    heap = sbrk(4 * MIB);
    CHECK_EQ(byte_mismatch(heap, 4 * MIB, 0), -1);
    CHECK_EQ(byte_mismatch(below, MIB - 64 * 1024, 0), -1);
}

/* A store as the first touch, so that no zero page stands in between. */
static void look_after_store(void *unused)
{
    char *area = pages_map(AREA / PAGE);

    (void)unused;
    for (size_t i = 0; i < AREA / PAGE; i++)
        area[i * PAGE + PAGE / 2] = 1;
    for (size_t i = 0; i < AREA / PAGE; i++) {
        CHECK_EQ(byte_mismatch(area + i * PAGE, PAGE / 2, 0), -1);
        CHECK_EQ(byte_mismatch(area + i * PAGE + PAGE / 2 + 1, PAGE / 2 - 1, 0), -1);
    }
}

int main(void)
{
    pid_t children[2];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 2; i++)
            children[i] = child_start(dirty, (void *)(intptr_t)(0xa5 + i));
        for (int i = 0; i < 2; i++)
            CHECK_EXIT(child_wait(children[i]), 0);
        CHECK_EXIT(child_run(look, NULL), 0);
        CHECK_EXIT(child_run(dirty, (void *)0x5a), 0);
        CHECK_EXIT(child_run(look_after_store, NULL), 0);
    }
    return check_end();
}
