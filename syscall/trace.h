/*
 * System calls told as strace does, one line for each when it returns:
 *
 *     [pid 7] openat(AT_FDCWD, "/etc/motd", O_RDONLY) = 3
 *
 * To the kernel's log, for every program, with "trace=syscall" on the kernel's command line; to an
 * open file, for the tasks that asked for it, by debug_trace().
 */
#pragma once

#include "syscall/dispatch.h"

/* Whether the running task's calls are told anywhere. */
bool trace_wanted(void);

/* Reads the command line; before the first program runs. */
void trace_init(void);

/* Makes the call (NULL: there is none of this number), tells it, and returns its result. */
int64_t trace_call(const struct syscall *call, uint64_t number, const struct syscall_args *args);
