/*
 * The scheduler: a run queue on each hart, first come first served in slices of SCHED_SLICE_NS.
 *
 * A task gives up its hart when it sleeps, when it yields, or on its way back to user mode when
 * its slice is over and another waits. A task that is woken goes to an idle hart if there is one
 * (which an inter-processor interrupt wakes), else where it last ran; a hart that runs out of
 * tasks takes one from the longest queue. An idle hart sleeps until it is interrupted; with no
 * timer armed its alarm is two seconds away.
 *
 * Locks: each run queue's, held across the switch and let go by the task switched to. The
 * innermost locks there are, save the console's.
 */
#pragma once

#include "lib/types.h"
#include "sched/task_state.h"

struct task;

#define SCHED_SLICE_NS 10000000UL /* 10 ms */

void sched_init(void);

/* Makes `idle` what this hart runs now and when there is nothing else; once on each hart. */
void sched_init_hart(struct task *idle);

/* Starts a new task. */
void sched_start(struct task *task);

/* Makes a task that sleeps in one of `states` runnable. Any context. True if it did sleep so. */
bool sched_wake(struct task *task, unsigned states);

/* If the task runs on another hart now, makes it pass the way back to user mode soon. Any context.
 */
void sched_kick(struct task *task);

/*
 * Sends the interrupts that wake-ups on this hart have asked for. Wake-ups only note them, for
 * their callers hold locks; they are sent when a wait queue's lock is let go, before a switch, at
 * the end of an interrupt and on the way back to user mode.
 */
void sched_send_ipis(void);

/* Gives up the hart; returns when the task runs again. Its state says whether it waits to be woken.
 */
void sched_switch(void);

/* Lets others run that wait for this hart. */
void sched_yield(void);

/* For long loops in the kernel: yields if the slice is over. The caller holds no spin lock. */
void sched_relax(void);

/* The running task never runs again; its last reference is put by its successor. */
void __attribute__((noreturn)) sched_exit(void);

/* The loop of each hart's idle task. */
void __attribute__((noreturn)) sched_idle(void);

/* The first thing that a new task does. */
void sched_finish_switch(void);

/* The timer interrupt: accounts the time, notes the end of the slice. */
void sched_tick(bool in_user);

/* How the harts of a mask are told that they have work; set once at boot. */
void sched_set_ipis(void (*send_ipis)(uint64_t harts));

/* What is called, with interrupts off, when one task follows another (to switch address spaces). */
void sched_set_switch_mm(void (*switch_mm)(struct task *prev, struct task *next));

/* Sums for /proc: runnable tasks, nanoseconds that all harts were idle. */
unsigned sched_running(void);
uint64_t sched_idle_ns(void);
