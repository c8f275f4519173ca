/*
 * The scheduler in host tests: one task, which is always running. Sleeping locks are counted and
 * checked, never waited for; a wait whose condition does not hold calls the hook below, which may
 * let something happen (complete a read); without a hook, a wait that would sleep fails the test.
 *
 * All functions are weak, so that a test may link the kernel's own file instead.
 */
#pragma once

#include "sched/task.h"

extern struct task host_task;       /* the running task; its process is host_process */
extern struct process host_process; /* pid 2, the only one that process_next() finds */

/* The running thread becomes host_task, on the hart it is on; after each host_memory_init() and
 * host_hart_switch(). */
void host_sched_init(void);

/* What happens instead of sleeping: true if the condition is worth another look. */
extern bool (*host_wait_hook)(void);

/* What signal_fatal_pending() answers; what has been posted, and the last signal of it. */
extern bool host_signal_fatal;
extern unsigned host_signals_posted;
extern int host_signal_last;
