/*
 * Waiting for children: wait4(2), waitid(2).
 */
#pragma once

#include "sched/task.h"

/* Options (Linux, include/uapi/linux/wait.h). */
#define WNOHANG     0x00000001
#define WUNTRACED   0x00000002 /* = WSTOPPED */
#define WEXITED     0x00000004
#define WCONTINUED  0x00000008
#define WNOWAIT     0x01000000
#define __WNOTHREAD 0x20000000
#define __WALL      0x40000000
#define __WCLONE    0x80000000u

enum wait_id { P_ALL = 0, P_PID = 1, P_PGID = 2, P_PIDFD = 3 };

struct wait_request {
    enum wait_id type;
    pid_t id;
    unsigned options; /* at least one of WEXITED, WUNTRACED, WCONTINUED */
};

struct wait_result {
    pid_t pid; /* 0: WNOHANG, and no child has anything to tell */
    uid_t uid;
    int code;   /* CLD_* */
    int status; /* as wait4() gives it */
    struct usage usage;
};

/* 0; -ECHILD: no child is meant; -EINTR. */
int process_wait(const struct wait_request *request, struct wait_result *result);
