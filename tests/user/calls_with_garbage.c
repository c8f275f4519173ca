/*
 * Every system-call number with arguments that make no sense, from a child that may die of it:
 * afterwards the machine still works. Numbers that would end or change the world are left out; the
 * arguments come from a fixed seed and mix small numbers, addresses good and bad, and extremes.
 */
#include "check.h"

#define NUMBERS 460
#define ROUNDS  40
#define HANG    3 /* seconds after which a child is thought to wait for something, and is killed */

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t random_next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static bool left_out(long number)
{
    static const long numbers[] = {SYS_exit,
                                   SYS_exit_group,
                                   SYS_reboot,
                                   SYS_kill,
                                   SYS_tkill,
                                   SYS_tgkill,
                                   SYS_rt_sigqueueinfo,
                                   SYS_clone,
                                   SYS_clone3,
                                   SYS_setpgid,
                                   SYS_setsid,
                                   SYS_prlimit64,
                                   SYS_ioctl,
                                   SYS_rt_tgsigqueueinfo,
                                   SYS_nanosleep,
                                   SYS_clock_nanosleep,
                                   SYS_rt_sigreturn,
                                   SYS_rt_sigsuspend,
                                   SYS_rt_sigtimedwait,
                                   SYS_close_range};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static long argument(char *page)
{
    static const long extremes[] = {
        0,         1,         -1,        7,        4096,           INT32_MAX,
        INT32_MIN, INT64_MAX, INT64_MIN, 1L << 38, (1L << 38) - 8, -4096,
        0x80200000};
    uint64_t random = random_next();

    switch (random >> 32 & 3) {
    case 0:
        return extremes[(random & 0xffff) % (sizeof(extremes) / sizeof(*extremes))];
    case 1:
        return (long)page + (random & 0x1fff); /* the second page is not mapped */
    case 2:
        return random & 0xff;
    default:
        return (long)random_next();
    }
}

static void call(void *number)
{
    char *page = pages_map(2);

    CHECK_OK(munmap(page + PAGE, PAGE));
    for (int round = 0; round < ROUNDS; round++) {
        long a = argument(page), b = argument(page), c = argument(page);
        long d = argument(page), e = argument(page), f = argument(page);

        close(STDOUT_FILENO); /* what it writes by chance is no report */
        for (int i = 0; i < 8; i++)
            page[random_next() % PAGE] = random_next();
        syscall((long)number, a, b, c, d, e, f);
    }
    _exit(0);
}

static void wait_or_kill(pid_t child)
{
    uint64_t end = nanoseconds_now() + HANG * 1000000000UL;

    while (waitpid(child, NULL, WNOHANG) == 0) {
        if (nanoseconds_now() > end)
            kill(child, SIGKILL);
        milliseconds_sleep(1);
    }
}

int main(void)
{
    long before = memory_free_kib();

    for (long number = 0; number < NUMBERS; number++) {
        if (left_out(number))
            continue;
        random_next();
        wait_or_kill(child_start(call, (void *)number));
    }
    CHECK_EXIT(system("true"), 0);
    CHECK(before - memory_free_kib() < 8192, "%ld KiB less", before - memory_free_kib());
    return check_end();
}
