#include "syscall/user_time.h"

#include "arch/time.h"
#include "syscall/abi.h"
#include "syscall/user_copy.h"

int user_timespec_get(struct timespec64 *ts, vaddr_t addr)
{
    int error = user_get(ts, addr, sizeof(*ts));

    if (error)
        return error;
    return ts->sec < 0 || ts->nsec < 0 || ts->nsec >= NSEC_PER_SEC ? -EINVAL : 0;
}

uint64_t timespec_to_ns(const struct timespec64 *ts)
{
    if ((uint64_t)ts->sec >= (TIME_FOREVER - 1) / NSEC_PER_SEC)
        return TIME_FOREVER - 1;
    return (uint64_t)ts->sec * NSEC_PER_SEC + (uint64_t)ts->nsec;
}

struct timespec64 ns_to_timespec(uint64_t ns)
{
    return (struct timespec64){.sec = (int64_t)(ns / NSEC_PER_SEC),
                               .nsec = (int64_t)(ns % NSEC_PER_SEC)};
}

uint64_t deadline_after(uint64_t ns)
{
    uint64_t now = time_ns();

    return ns < TIME_FOREVER - 1 - now ? now + ns : TIME_FOREVER - 1;
}

uint64_t deadline_left(uint64_t deadline)
{
    uint64_t now = time_ns();

    return deadline > now ? deadline - now : 0;
}
