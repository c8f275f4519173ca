/*
 * Resource limits: getrlimit(2), prlimit(2). Kept for every process and inherited; enforced where
 * the thing is: memory in mm/, descriptors in fs/fdtable.h, argument lists in process/exec_args.h.
 */
#pragma once

#include "sched/task.h"

/* Linux, include/uapi/asm-generic/resource.h. */
#define RLIMIT_CPU        0
#define RLIMIT_FSIZE      1
#define RLIMIT_DATA       2
#define RLIMIT_STACK      3
#define RLIMIT_CORE       4
#define RLIMIT_RSS        5
#define RLIMIT_NPROC      6
#define RLIMIT_NOFILE     7
#define RLIMIT_MEMLOCK    8
#define RLIMIT_AS         9
#define RLIMIT_LOCKS      10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE   12
#define RLIMIT_NICE       13
#define RLIMIT_RTPRIO     14
#define RLIMIT_RTTIME     15

#define RLIM_INFINITY UINT64_MAX

/* The limits of the first process. */
void rlimit_init(struct process *process);

/* The running process's soft limit. */
uint64_t rlimit_current(unsigned resource);

/*
 * prlimit(2): sets (new may be NULL) and gives the old one. pid 0: the running process. 0; -EINVAL,
 * -ESRCH, -EPERM.
 */
int rlimit_change(pid_t pid, unsigned resource, const struct rlimit *new, struct rlimit *old);

struct mm;

/* Gives an address space the running process's limits on memory. */
void rlimit_apply(struct mm *mm);
