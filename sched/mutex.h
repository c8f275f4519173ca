/*
 * The sleeping lock: one holder, others sleep. Not for interrupt handlers. The holder may sleep.
 */
#pragma once

#include "sched/wait.h"

struct task;

struct mutex {
    struct wait_queue queue;
    struct task *owner; /* (a) NULL: free */
};

void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

/* Whether the running task holds it: for assertions. */
bool mutex_held(struct mutex *mutex);
