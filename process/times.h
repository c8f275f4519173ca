/*
 * Times and counts: what tasks and processes have used, as times(2), getrusage(2), wait4(2) and the
 * CPU clocks give it.
 */
#pragma once

#include "lib/time_units.h"
#include "sched/task.h"

static inline uint64_t ns_to_clock_ticks(uint64_t ns)
{
    return ns / NSEC_PER_TICK;
}

/* Adds what `more` counts to sum; the largest resident set of the two stays. */
void usage_add(struct usage *sum, const struct usage *more);

/* What the running task has used up to now. */
void usage_of_current(struct usage *usage);

/* What a process has used: its living tasks and those that have ended. process_lock is held. */
void usage_of_process(struct process *process, struct usage *usage);

/* The processor time of the running task, and of its whole process, in nanoseconds. */
uint64_t cpu_time_of_current(void);
uint64_t cpu_time_of_process(void);
