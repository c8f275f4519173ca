/*
 * Sending signals to others: whom a number names, and who may. kill(2), tgkill(2),
 * rt_sigqueueinfo(2).
 */
#pragma once

#include "sched/signal.h"

/* kill(2); sig 0 only asks. 0, -EINVAL, -EPERM, -ESRCH. */
int process_kill(pid_t pid, int sig);

/* tgkill(2) and, with tgid 0, tkill(2). */
int task_kill(pid_t tgid, pid_t tid, int sig);

/* rt_sigqueueinfo(2) and, with a tid above 0, rt_tgsigqueueinfo(2): info as the caller made it. */
int process_queue_signal(pid_t pid, pid_t tid, int sig, const struct siginfo *info);
