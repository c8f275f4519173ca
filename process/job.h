/*
 * Process groups and sessions: setpgid(2), setsid(2), getpgid(2), getsid(2).
 */
#pragma once

#include "lib/types.h"

/* setpgid(2): 0; -EINVAL, -ESRCH, -EACCES, -EPERM. */
int job_set_group(pid_t pid, pid_t pgid);

/* setsid(2): the new session's number, or -EPERM. */
int64_t job_new_session(void);

/* The group and the session of a process (0: the running one); or -ESRCH. */
int64_t job_group_of(pid_t pid);
int64_t job_session_of(pid_t pid);
