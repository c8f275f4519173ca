/* Many processes: 300 one after the other, 100 at once, a chain of 40; every pid is new, every end
 * seen. */
#include "check.h"

#define AT_ONCE 100

static void exit_code(void *code)
{
    _exit((int)(intptr_t)code);
}

static void one_after_the_other(void)
{
    for (int i = 0; i < 300; i++)
        CHECK_EXIT(child_run(exit_code, (void *)(intptr_t)(i % 256)), i % 256);
}

static void sleep_then_exit(void *code)
{
    milliseconds_sleep(100);
    exit_code(code);
}

static void at_once(void)
{
    pid_t children[AT_ONCE];

    for (int i = 0; i < AT_ONCE; i++) {
        children[i] = child_start(sleep_then_exit, (void *)(intptr_t)i);
        for (int j = 0; j < i; j++)
            CHECK(children[i] != children[j]);
    }
    for (int i = AT_ONCE - 1; i >= 0; i--)
        CHECK_EXIT(child_wait(children[i]), i);
    CHECK_ERR(wait(NULL), ECHILD);
}

static void chain(void *depth)
{
    long left = (long)depth;

    if (left > 0)
        CHECK_EXIT(child_run(chain, (void *)(left - 1)), 0);
}

#define HOGS 12

/* What the hogs and their parent show each other: who has begun. */
static volatile int *begun;

static int begun_count(void)
{
    int count = 0;

    for (int i = 0; i <= HOGS; i++)
        count += begun[i];
    return count;
}

/* Computes, without ever sleeping, until all others have begun too. */
static void compute(void *index)
{
    uint64_t end = nanoseconds_now() + 60000000000;

    begun[(intptr_t)index] = 1;
    while (begun_count() <= HOGS && nanoseconds_now() < end)
        ;
    CHECK_EQ(begun_count(), HOGS + 1);
}

/* Processes that only compute share the harts: each gets on while the others do, and a sleeper
 * wakes among them. */
static void everybody_gets_on(void)
{
    pid_t children[HOGS];

    begun =
        REQUIRE((int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < HOGS; i++)
        children[i] = child_start(compute, (void *)(intptr_t)i);
    milliseconds_sleep(50);
    begun[HOGS] = 1;
    for (int i = 0; i < HOGS; i++)
        CHECK_EXIT(child_wait(children[i]), 0);
}

int main(void)
{
    one_after_the_other();
    at_once();
    CHECK_EXIT(child_run(chain, (void *)40L), 0);
    everybody_gets_on();
    return check_end();
}
