/*
 * siginfo_t as user space has it: 128 bytes whose meaning depends on the signal and its code.
 * Source: Linux, include/uapi/asm-generic/siginfo.h; sigaction(2).
 */
#pragma once

#include "sched/signal.h"

struct user_siginfo {
    int32_t signo, error, code, pad;
    union {
        struct { /* SI_USER, SI_TKILL, SI_QUEUE and other codes below 0 */
            int32_t pid;
            uint32_t uid;
            uint64_t value;
        } sender;
        struct { /* SIGCHLD */
            int32_t pid;
            uint32_t uid;
            int32_t status, pad;
            int64_t utime, stime; /* clock ticks */
        } child;
        struct { /* SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE */
            uint64_t addr;
        } fault;
        uint8_t bytes[112];
    };
};

_Static_assert(sizeof(struct user_siginfo) == 128, "siginfo_t has 128 bytes");

/* All bytes of user are written. */
void siginfo_encode(const struct siginfo *info, struct user_siginfo *user);

/* What rt_sigqueueinfo(2) was given. */
void siginfo_decode(const struct user_siginfo *user, struct siginfo *info);
