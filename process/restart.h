/*
 * What a system call that a signal interrupted leaves in a0 until the way back to user mode has
 * decided: made again, or EINTR. User space never sees these numbers (Linux, include/linux/errno.h;
 * signal(7), "Interruption of system calls and library functions by signal handlers").
 */
#pragma once

#include "sched/task.h"

#define ERESTARTSYS       512 /* made again, unless a handler without SA_RESTART has run */
#define ERESTARTNOINTR    513 /* made again whatever happens */
#define ERESTARTNOHAND    514 /* made again, unless a handler has run */
#define ERESTART_DEADLINE 516 /* the same, with the deadline that it had the first time */

/*
 * The deadline of a wait that may be made again: the one it had the first time, if this is such a
 * repetition, else `deadline`. The wait calls restart_keep() when a signal interrupts it.
 */
static inline uint64_t restart_deadline(uint64_t deadline)
{
    struct task *task = current_task();
    uint64_t kept = task->restart_deadline_ns;

    task->restart_deadline_ns = 0;
    return kept ? kept : deadline;
}

/* Remembers the deadline for the repetition; the value to return. */
static inline int restart_keep(uint64_t deadline)
{
    current_task()->restart_deadline_ns = deadline;
    return -ERESTART_DEADLINE;
}
