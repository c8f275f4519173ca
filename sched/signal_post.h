/*
 * Posting signals: to a task, a process, a group; and whom that wakes.
 */
#pragma once

#include "sched/signal.h"

/*
 * Posts a signal; process_lock is held. info may be NULL (SI_USER from the kernel). Any context.
 * Ignored signals are dropped; SIGCONT and the stop signals cancel each other here.
 */
void signal_post_task_locked(struct task *task, int sig, const struct siginfo *info);
void signal_post_process_locked(struct process *process, int sig, const struct siginfo *info);

/* Posts to every process of the group; returns how many there were. */
int signal_post_group(pid_t pgid, int sig, const struct siginfo *info);

/*
 * The running task will not take these signals (it is to block them, or ends): of those that are
 * pending for its process each is shown to another task that may take it. process_lock is held.
 */
void signal_pass_on(uint64_t set);

/* Changes the running task's mask; SIGKILL and SIGSTOP cannot be blocked. */
void signal_set_blocked(uint64_t mask);

/* A signal that the running task's own instruction caused: cannot be ignored or blocked. */
void signal_force(int sig, const struct siginfo *info);
