/*
 * What a process says about its signals: actions, masks, waiting for some. sigaction(2),
 * sigprocmask(2), sigsuspend(2), sigtimedwait(2).
 */
#pragma once

#include "sched/signal.h"

#define SIG_BLOCK   0 /* Linux, include/uapi/asm-generic/signal-defs.h */
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

/* Sets the action (new may be NULL) and gives the old one. 0 or -EINVAL. */
int signal_action_set(int sig, const struct k_sigaction *new, struct k_sigaction *old);

/* For execve and CLONE_CLEAR_SIGHAND: handlers become the default, what is ignored stays so. Nobody
 * shares the table. */
void signal_action_reset(struct sighand *sighand);

/* sigprocmask(2): 0 or -EINVAL (how). */
int signal_mask_change(int how, uint64_t set);

/* What is pending for the running task and blocked. */
uint64_t signal_pending_set(void);

/*
 * Until the call that made it returns to user mode the task's mask is `mask`: for sigsuspend(),
 * ppoll(), pselect(). If a handler runs, its frame restores the mask from before; the caller of a
 * call that ended without a signal calls signal_mask_restore().
 */
void signal_mask_replace(uint64_t mask);
void signal_mask_restore(void);

/* Sleeps until a signal ends it: -EINTR. */
int signal_suspend(void);

/*
 * Waits for one of the signals of `set` and takes it: its number with *info filled; -EAGAIN at the
 * deadline (time_ns()), -EINTR when a handler is to run for another one.
 */
int signal_wait(uint64_t set, uint64_t deadline, struct siginfo *info);
