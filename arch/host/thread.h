/* Threads in host tests: one. */
#pragma once

#include "lib/types.h"

struct hart;

struct thread {
    struct hart *hart;
};

extern struct thread *host_thread;

static inline struct thread *thread_current(void)
{
    return host_thread;
}
