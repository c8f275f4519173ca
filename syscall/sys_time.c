/*
 * System calls on time: clocks, sleeping, processor time.
 */
#include "arch/time.h"
#include "drivers/rtc.h"
#include "process/restart.h"
#include "process/times.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_rusage.h"
#include "syscall/user_time.h"

/* Linux, include/uapi/linux/time.h. */
#define CLOCK_REALTIME           0
#define CLOCK_MONOTONIC          1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID  3
#define CLOCK_MONOTONIC_RAW      4
#define CLOCK_REALTIME_COARSE    5
#define CLOCK_MONOTONIC_COARSE   6
#define CLOCK_BOOTTIME           7
#define CLOCK_TAI                11
#define TIMER_ABSTIME            1

#define RUSAGE_SELF     0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD   1

#define COARSE_RESOLUTION_NS 4000000 /* a tick of Linux's HZ=250 */

static bool clock_is_coarse(int clock)
{
    return clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

/* The clock's time in nanoseconds: 0 or -EINVAL. */
static int clock_read(int clock, uint64_t *ns)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI: /* no leap seconds are known */
        *ns = rtc_boot_time_ns() + time_ns();
        return 0;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *ns = time_ns();
        return 0;
    case CLOCK_PROCESS_CPUTIME_ID:
        *ns = cpu_time_of_process();
        return 0;
    case CLOCK_THREAD_CPUTIME_ID:
        *ns = cpu_time_of_current();
        return 0;
    default:
        return -EINVAL;
    }
}

int64_t sys_clock_gettime(int clock, vaddr_t addr)
{
    struct timespec64 ts;
    uint64_t ns;
    int error = clock_read(clock, &ns);

    if (error)
        return error;
    ts = ns_to_timespec(ns);
    return user_put(addr, &ts, sizeof(ts));
}

int64_t sys_clock_getres(int clock, vaddr_t addr)
{
    struct timespec64 ts = {.nsec = clock_is_coarse(clock) ? COARSE_RESOLUTION_NS : 1};
    uint64_t ns;
    int error = clock_read(clock, &ns);

    if (error || !addr)
        return error;
    return user_put(addr, &ts, sizeof(ts));
}

int64_t sys_gettimeofday(vaddr_t tv, vaddr_t tz)
{
    const struct user_timeval now = user_timeval_from_ns(rtc_boot_time_ns() + time_ns());
    const int32_t utc[2] = {0, 0};

    if (tv && user_put(tv, &now, sizeof(now)))
        return -EFAULT;
    return tz ? user_put(tz, utc, sizeof(utc)) : 0;
}

/* Sleeps until the deadline: 0 or -EINTR. */
static int sleep_until(uint64_t deadline)
{
    struct wait_queue never;
    int error;

    wait_queue_init(&never);
    error = wait_event_until(&never, false, deadline);
    return error == -ETIMEDOUT ? 0 : error;
}

/* A relative sleep; what is left is stored when a signal ends it. */
static int64_t sleep_for(uint64_t ns, vaddr_t remaining)
{
    uint64_t deadline = restart_deadline(deadline_after(ns));
    struct timespec64 left;

    if (sleep_until(deadline) == 0)
        return 0;
    left = ns_to_timespec(deadline_left(deadline));
    if (remaining && user_put(remaining, &left, sizeof(left)))
        return -EFAULT;
    return restart_keep(deadline);
}

int64_t sys_nanosleep(vaddr_t request, vaddr_t remaining)
{
    struct timespec64 ts;
    int error = user_timespec_get(&ts, request);

    return error ? error : sleep_for(timespec_to_ns(&ts), remaining);
}

/* An absolute time of the clock as a deadline of time_ns(). */
static uint64_t clock_deadline(int clock, uint64_t ns)
{
    uint64_t boot = clock == CLOCK_REALTIME || clock == CLOCK_TAI ? rtc_boot_time_ns() : 0;

    return ns > boot ? ns - boot : 0;
}

int64_t sys_clock_nanosleep(int clock, unsigned flags, vaddr_t request, vaddr_t remaining)
{
    struct timespec64 ts;
    int error;

    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_MONOTONIC:
    case CLOCK_BOOTTIME:
    case CLOCK_TAI:
        break;
    case CLOCK_PROCESS_CPUTIME_ID:
        return -EOPNOTSUPP; /* nobody is woken by processor time */
    default:
        return clock_is_coarse(clock) || clock == CLOCK_MONOTONIC_RAW ? -EOPNOTSUPP : -EINVAL;
    }
    error = user_timespec_get(&ts, request);
    if (error)
        return error;
    if (!(flags & TIMER_ABSTIME))
        return sleep_for(timespec_to_ns(&ts), remaining);
    error = sleep_until(clock_deadline(clock, timespec_to_ns(&ts)));
    return error ? -ERESTARTNOHAND : 0;
}

int64_t sys_times(vaddr_t addr)
{
    struct process *process = current_task()->process;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct usage self, children = process->children_usage;
    struct user_tms tms;

    usage_of_process(process, &self);
    spin_unlock_irqrestore(&process_lock, flags);
    tms = (struct user_tms){
        .utime = (int64_t)ns_to_clock_ticks(self.user_ns),
        .stime = (int64_t)ns_to_clock_ticks(self.system_ns),
        .cutime = (int64_t)ns_to_clock_ticks(children.user_ns),
        .cstime = (int64_t)ns_to_clock_ticks(children.system_ns),
    };
    if (addr && user_put(addr, &tms, sizeof(tms)))
        return -EFAULT;
    return (int64_t)ns_to_clock_ticks(time_ns());
}

int64_t sys_getrusage(int who, vaddr_t addr)
{
    struct process *process = current_task()->process;
    struct user_rusage rusage;
    struct usage usage;
    uint64_t flags;

    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
        return -EINVAL;
    flags = spin_lock_irqsave(&process_lock);
    if (who == RUSAGE_CHILDREN)
        usage = process->children_usage;
    else if (who == RUSAGE_SELF)
        usage_of_process(process, &usage);
    else
        usage_of_current(&usage);
    spin_unlock_irqrestore(&process_lock, flags);
    user_rusage_fill(&rusage, &usage);
    return user_put(addr, &rusage, sizeof(rusage));
}
