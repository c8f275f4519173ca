/*
 * Floating-point registers belong to the process: several compute with their own values, give up
 * the hart, sleep and fork, and each finds its registers as it left them; a new program finds them
 * zero.
 */
#include "check.h"

#ifdef __riscv
#define SAVE_ALL(values)                                                                           \
    __asm__ volatile(                                                                              \
        "fsd f0, 0(%0)\nfsd f1, 8(%0)\nfsd f7, 16(%0)\nfsd f8, 24(%0)\n"                           \
        "fsd f15, 32(%0)\nfsd f18, 40(%0)\nfsd f27, 48(%0)\nfsd f31, 56(%0)" ::"r"(values)         \
        : "memory")
#define LOAD_ALL(values)                                                                           \
    __asm__ volatile(                                                                              \
        "fld f0, 0(%0)\nfld f1, 8(%0)\nfld f7, 16(%0)\nfld f8, 24(%0)\n"                           \
        "fld f15, 32(%0)\nfld f18, 40(%0)\nfld f27, 48(%0)\nfld f31, 56(%0)" ::"r"(values)         \
        : "f0", "f1", "f7", "f8", "f15", "f18", "f27", "f31")

/* The whole loop in assembly: the compiler's own use of the registers cannot come between. */
static bool registers_survive_yield(uint64_t *values)
{
    uint64_t seen[8];

    LOAD_ALL(values);
    for (int i = 0; i < 50; i++) {
        register long number __asm__("a7") = SYS_sched_yield;
        register long result __asm__("a0");

        __asm__ volatile("ecall" : "=r"(result) : "r"(number) : "memory");
        for (volatile int spin = 0; spin < 500; spin++)
            ;
    }
    SAVE_ALL(seen);
    return memcmp(seen, values, sizeof(seen)) == 0;
}

static bool control_survives(unsigned want)
{
    unsigned seen;

    __asm__ volatile("csrr %0, fcsr" : "=r"(seen));
    return seen == want;
}

static void compute(void *number)
{
    uint64_t values[8];
    unsigned rounding = (unsigned)(intptr_t)number % 5 << 5;

    for (int i = 0; i < 8; i++)
        values[i] = 0x4000000000000000 + (uint64_t)(intptr_t)number * 1000 + i;
    __asm__ volatile("csrw fcsr, %0" ::"r"(rounding));
    for (int round = 0; round < 20; round++) {
        CHECK(registers_survive_yield(values));
        CHECK(control_survives(rounding));
        if (round % 5 == 0)
            milliseconds_sleep(1);
    }
}

static void new_program_has_zeros(void)
{
    static const char *const arguments[] = {"/t/fp_registers", "zeros", NULL};
    uint64_t values[8];
    pid_t child = REQUIRE(fork());

    if (child == 0) {
        for (int i = 0; i < 8; i++)
            values[i] = -1UL;
        LOAD_ALL(values);
        syscall(SYS_execve, arguments[0], arguments, NULL);
        _exit(2);
    }
    CHECK_EXIT(child_wait(child), 0);
}

/* What libc did before main is in the low registers; callee-saved ones nobody has touched. */
static int look_for_zeros(void)
{
    uint64_t values[8];

    SAVE_ALL(values);
    CHECK_EQ(values[3], 0);
    CHECK_EQ(values[5], 0);
    CHECK_EQ(values[6], 0);
    return check_end();
}
#else
static void compute(void *number)
{
    volatile double sum = (intptr_t)number;

    for (int i = 0; i < 1000; i++)
        sum += 0.5;
    CHECK(sum == (intptr_t)number + 500);
}

static void new_program_has_zeros(void)
{
}

static int look_for_zeros(void)
{
    return 0;
}
#endif

/* A child has the registers of its parent at the fork. */
static void fork_copies_registers(void)
{
    volatile double before = 1.25;
    double kept = before * 3;
    pid_t child = fork();

    if (child == 0)
        _exit(kept == 3.75 ? 0 : 1);
    CHECK_EXIT(child_wait(child), 0);
    CHECK(kept == 3.75);
}

int main(int argc, char **argv)
{
    pid_t children[8];

    (void)argv;
    if (argc > 1)
        return look_for_zeros();
    for (long i = 0; i < 8; i++)
        children[i] = child_start(compute, (void *)i);
    compute((void *)8L);
    for (int i = 0; i < 8; i++)
        CHECK_EXIT(child_wait(children[i]), 0);
    fork_copies_registers();
    new_program_has_zeros();
    return check_end();
}
