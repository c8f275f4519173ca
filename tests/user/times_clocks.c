/* Clocks, sleeping, and the times that are charged to processes. */
#include "check.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>

static void clocks_go_on(void)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
                                       CLOCK_MONOTONIC_RAW};
    struct timespec last, now;

    for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
        CHECK_OK(clock_gettime(clocks[i], &last));
        for (int round = 0; round < 2000; round++) {
            CHECK_OK(clock_gettime(clocks[i], &now));
            CHECK(now.tv_nsec >= 0 && now.tv_nsec < 1000000000);
            CHECK(now.tv_sec > last.tv_sec ||
                  (now.tv_sec == last.tv_sec && now.tv_nsec >= last.tv_nsec));
            last = now;
        }
        CHECK_OK(clock_getres(clocks[i], &now));
        CHECK(now.tv_sec == 0 && now.tv_nsec > 0 && now.tv_nsec <= 10000000);
    }
    CHECK_ERR(clock_gettime(99, &now), EINVAL);
    CHECK_ERR(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, 8L), EFAULT);
}

static void real_time_is_told(void)
{
    struct timespec now;
    struct timeval same;

    CHECK_OK(clock_gettime(CLOCK_REALTIME, &now));
    CHECK_OK(gettimeofday(&same, NULL));
    CHECK(now.tv_sec > 1700000000, "%ld", (long)now.tv_sec); /* the machine has a clock */
    CHECK(same.tv_sec - now.tv_sec <= 1);
    CHECK(time(NULL) - now.tv_sec <= 1);
}

static void sleeps_are_long_enough(void)
{
    static const long spans[] = {0, 1, 1000, 1000000, 30000000};
    struct timespec span, rest = {7, 7};
    uint64_t before;

    for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
        span = (struct timespec){0, spans[i]};
        before = nanoseconds_now();
        CHECK_OK(nanosleep(&span, &rest));
        CHECK(nanoseconds_now() - before >= (uint64_t)spans[i]);
    }
    CHECK_EQ(rest.tv_sec, 7); /* written only when interrupted */
    CHECK_ERR(nanosleep(&(struct timespec){0, 1000000000}, NULL), EINVAL);
    CHECK_ERR(nanosleep(&(struct timespec){-1, 0}, NULL), EINVAL);
    CHECK_ERR(syscall(SYS_nanosleep, 8L, 0L), EFAULT);
}

static void sleeps_until(void)
{
    struct timespec end;
    uint64_t want;

    CHECK_OK(clock_gettime(CLOCK_MONOTONIC, &end));
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL), 0); /* already past */
    end.tv_nsec += 40000000;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    want = (uint64_t)end.tv_sec * 1000000000 + end.tv_nsec;
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL), 0);
    CHECK(nanoseconds_now() >= want);
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, 0, &(struct timespec){0, 1000}, NULL), 0);
    CHECK_EQ(clock_nanosleep(99, 0, &end, NULL), EINVAL);
}

/* 120 ms of computing are charged to the child's user time, then to its parent's children's. */
static void compute(void *unused)
{
    struct timespec used;
    struct tms times_now;

    (void)unused;
    do
        CHECK_OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used));
    while (used.tv_sec == 0 && used.tv_nsec < 120000000);
    CHECK(times(&times_now) != (clock_t)-1);
    CHECK(times_now.tms_utime + times_now.tms_stime >= 10, "%ld and %ld ticks",
          (long)times_now.tms_utime, (long)times_now.tms_stime);
}

static void sleep_only(void *unused)
{
    struct timespec used;

    (void)unused;
    milliseconds_sleep(200);
    CHECK_OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used));
    CHECK(used.tv_sec == 0 && used.tv_nsec < 150000000, "%ld ns", used.tv_nsec);
}

static void times_are_charged(void)
{
    struct rusage before, after;
    struct tms times_now;

    CHECK_OK(getrusage(RUSAGE_CHILDREN, &before));
    CHECK_EXIT(child_run(compute, NULL), 0);
    CHECK_OK(getrusage(RUSAGE_CHILDREN, &after));
    CHECK((after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000000 + after.ru_utime.tv_usec -
              before.ru_utime.tv_usec + (after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1000000 +
              after.ru_stime.tv_usec - before.ru_stime.tv_usec >=
          100000);
    CHECK(times(&times_now) != (clock_t)-1);
    CHECK(times_now.tms_cutime + times_now.tms_cstime >= 10);
    CHECK_OK(getrusage(RUSAGE_SELF, &after));
    CHECK(after.ru_minflt > 0 && after.ru_maxrss > 0);
    CHECK_EXIT(child_run(sleep_only, NULL), 0);
    CHECK_ERR(getrusage(99, &after), EINVAL);
}

int main(void)
{
    clocks_go_on();
    real_time_is_told();
    sleeps_are_long_enough();
    sleeps_until();
    times_are_charged();
    return check_end();
}
