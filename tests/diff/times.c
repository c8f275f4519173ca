/* times.c - clocks and sleeps, by what holds of them and never by their values. */
#include "tests/diff/cases.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>

#define NANOSECONDS 1000000000L
#define SHORT       20000000L

static long nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * NANOSECONDS + now.tv_nsec;
}

CASE(clocks_run)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME,        CLOCK_MONOTONIC,
                                       CLOCK_MONOTONIC_RAW,   CLOCK_BOOTTIME,
                                       CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE};

    for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
        long before = nanoseconds(clocks[i]);

        usleep(20000);
        say("runs", nanoseconds(clocks[i]) > before);
    }
}

CASE(clock_errors)
{
    struct timespec now;

    say("number", clock_gettime(99, &now));
    say("bad memory", syscall(SYS_clock_gettime, CLOCK_MONOTONIC, 8));
    say("resolution", clock_getres(CLOCK_MONOTONIC, &now));
    say("seconds", now.tv_sec);
    say("nanoseconds", now.tv_nsec);
    say("resolution of nothing", clock_getres(99, &now));
}

CASE(sleep_lasts)
{
    const struct timespec time = {0, SHORT};
    long before = nanoseconds(CLOCK_MONOTONIC);

    say("sleep", nanosleep(&time, NULL));
    say("long enough", nanoseconds(CLOCK_MONOTONIC) - before >= SHORT);
}

CASE(sleep_errors)
{
    say("too many nanoseconds", nanosleep(&(struct timespec){0, NANOSECONDS}, NULL));
    say("negative", nanosleep(&(struct timespec){-1, 0}, NULL));
    say("bad memory", nanosleep((void *)8, NULL));
    say("nothing", nanosleep(&(struct timespec){0, 0}, NULL));
    say("past", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){0, 1}, NULL));
    say("clock", clock_nanosleep(99, 0, &(struct timespec){0, 1}, NULL));
}

CASE(processor_time)
{
    long before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    struct rusage usage;
    struct tms spent;

    for (volatile int i = 0; i < 3000000; i++)
        ;
    say("spent", nanoseconds(CLOCK_PROCESS_CPUTIME_ID) > before);
    say("thread", nanoseconds(CLOCK_THREAD_CPUTIME_ID) > 0);
    say("usage", getrusage(RUSAGE_SELF, &usage));
    say("of whom", getrusage(77, &usage));
    say("times", times(&spent) != (clock_t)-1);
    say("no children", spent.tms_cutime + spent.tms_cstime);
}

CASE(sleep_costs_nothing)
{
    long before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);

    usleep(300000);
    say("little", nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - before < 200000000L);
}

CASE(time_of_day)
{
    struct timeval now;
    time_t seconds = time(NULL);

    say("get", gettimeofday(&now, NULL));
    say("agree", now.tv_sec - seconds <= 1);
    say("this century", seconds > 1000000000);
}

CASE(poll_waits)
{
    long before = nanoseconds(CLOCK_MONOTONIC);

    say("poll", ppoll(NULL, 0, &(struct timespec){0, SHORT}, NULL));
    say("long enough", nanoseconds(CLOCK_MONOTONIC) - before >= SHORT);
    say("bad time", ppoll(NULL, 0, &(struct timespec){0, -1}, NULL));
}
