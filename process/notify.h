/*
 * Telling a parent what has become of its child: SIGCHLD with its information, and the wake-up of
 * wait4(). wait(2), sigaction(2).
 */
#pragma once

#include "sched/task.h"

/* The parts of a wait status (Linux, include/uapi/linux/wait.h; POSIX's W macros). */
#define WAIT_STATUS_EXIT(code)   (((code)&0xff) << 8)
#define WAIT_STATUS_SIGNAL(sig)  ((sig)&0x7f)
#define WAIT_STATUS_STOP(sig)    ((sig) << 8 | 0x7f)
#define WAIT_STATUS_CONTINUED    0xffff
#define WAIT_STATUS_TERMSIG(st)  ((st)&0x7f)
#define WAIT_STATUS_EXITCODE(st) ((st) >> 8 & 0xff)

/*
 * Posts the signal to process's parent and wakes it: code is CLD_*, status the exit code or the
 * signal's number. A stop or continuation is not signalled to a parent with SA_NOCLDSTOP.
 * process_lock is held.
 */
void notify_parent(struct process *process, int code, int status);

/* The same for the end of a process, by its exit_status. */
void notify_parent_of_end(struct process *process);

/* Whether the parent has said that it will not wait for this child (SIGCHLD ignored, or
 * SA_NOCLDWAIT). process_lock is held. */
bool parent_declines(const struct process *process);
