/*
 * New tasks: fork(2), vfork(2), clone(2) and clone3 with the flags that C libraries use for
 * processes and threads.
 *
 *     CLONE_VM       the same address space; else a copy-on-write copy
 *     CLONE_VFORK    the parent sleeps until the child execs or ends
 *     CLONE_FILES    the same descriptor table; else a copy
 *     CLONE_FS       the same root, working directory and umask
 *     CLONE_SIGHAND  the same signal actions
 *     CLONE_CLEAR_SIGHAND  a copy of them in which no signal has a handler (clone3 only)
 *     CLONE_THREAD   a further thread of the process; else a new process
 *     CLONE_PARENT   the parent's parent becomes the child's
 *     CLONE_SETTLS, CLONE_PARENT_SETTID, CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID
 *
 * Accepted without effect: CLONE_SYSVSEM, CLONE_IO, CLONE_DETACHED, CLONE_PTRACE, CLONE_UNTRACED.
 * New namespaces and CLONE_PIDFD are -EINVAL.
 */
#pragma once

#include "lib/types.h"

/* Linux, include/uapi/linux/sched.h. */
#define CSIGNAL              0x000000ffUL /* signal to the parent at the child's end */
#define CLONE_VM             0x00000100UL
#define CLONE_FS             0x00000200UL
#define CLONE_FILES          0x00000400UL
#define CLONE_SIGHAND        0x00000800UL
#define CLONE_PIDFD          0x00001000UL
#define CLONE_PTRACE         0x00002000UL
#define CLONE_VFORK          0x00004000UL
#define CLONE_PARENT         0x00008000UL
#define CLONE_THREAD         0x00010000UL
#define CLONE_SYSVSEM        0x00040000UL
#define CLONE_SETTLS         0x00080000UL
#define CLONE_PARENT_SETTID  0x00100000UL
#define CLONE_CHILD_CLEARTID 0x00200000UL
#define CLONE_DETACHED       0x00400000UL
#define CLONE_UNTRACED       0x00800000UL
#define CLONE_CHILD_SETTID   0x01000000UL
#define CLONE_IO             0x80000000UL
#define CLONE_CLEAR_SIGHAND  0x100000000UL

struct clone_args {
    uint64_t flags;
    vaddr_t stack; /* the child's stack pointer; 0: as the parent's */
    vaddr_t parent_tid, child_tid;
    uint64_t tls; /* the child's tp, with CLONE_SETTLS */
};

/*
 * Makes the task, which starts where the running one's system call returns, with 0 as its value.
 * Returns its number; -EINVAL, -ENOMEM, -EAGAIN, or -ERESTARTNOINTR when a signal is to be handled
 * first. Nothing is left behind on failure.
 */
int64_t process_fork(const struct clone_args *args);
