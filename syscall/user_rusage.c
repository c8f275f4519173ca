#include "syscall/user_rusage.h"

struct user_timeval user_timeval_from_ns(uint64_t ns)
{
    return (struct user_timeval){.sec = (int64_t)(ns / NSEC_PER_SEC),
                                 .usec = (int64_t)(ns % NSEC_PER_SEC / NSEC_PER_USEC)};
}

void user_rusage_fill(struct user_rusage *rusage, const struct usage *usage)
{
    *rusage = (struct user_rusage){
        .utime = user_timeval_from_ns(usage->user_ns),
        .stime = user_timeval_from_ns(usage->system_ns),
        .maxrss = (int64_t)(usage->max_rss_pages * (PAGE_SIZE / KIB)),
        .minflt = (int64_t)usage->minor_faults,
        .majflt = (int64_t)usage->major_faults,
        .nvcsw = (int64_t)usage->voluntary_switches,
        .nivcsw = (int64_t)usage->involuntary_switches,
    };
}
