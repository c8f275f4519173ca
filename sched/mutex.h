/*
 * The sleeping lock: one holder, others sleep. Not for interrupt handlers. The holder may sleep.
 */
#pragma once

#include "sched/wait.h"

struct task;

struct mutex {
    struct wait_queue queue;
    struct task *owner; /* (a) NULL: free */
#if defined(FATHOM_DEBUG)
    const char *name; /* (i) its class for kernel/lock_order.h */
#endif
};

void mutex_init(struct mutex *mutex);

/* In debug kernels a mutex has the name of the expression that it was made by. */
#if defined(FATHOM_DEBUG)
#define mutex_init(mutex) (mutex_init(mutex), (void)((mutex)->name = #mutex))
#endif

void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

/* Whether the running task holds it: for assertions. */
bool mutex_held(struct mutex *mutex);
