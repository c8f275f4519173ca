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

/* Processes that only compute share the harts: all have begun within two seconds, and a sleeper
 * wakes. */
static void compute(void *end)
{
    volatile unsigned long work = 0;

    while (nanoseconds_now() < (uint64_t)end)
        work++;
    CHECK(work > 0);
}

static void everybody_gets_on(void)
{
    pid_t children[12];
    uint64_t before = nanoseconds_now(), end = before + 2000000000;

    for (int i = 0; i < 12; i++)
        children[i] = child_start(compute, (void *)end);
    milliseconds_sleep(50);
    CHECK(nanoseconds_now() < end, "a sleep of 50 ms took %lu",
          (unsigned long)(nanoseconds_now() - before) / 1000000);
    for (int i = 0; i < 12; i++)
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
