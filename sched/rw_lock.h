/*
 * The sleeping reader-writer lock: many readers or one writer; a waiting writer holds new readers
 * off. A task never takes it twice.
 */
#pragma once

#include "sched/wait.h"

struct rw_lock {
    struct spinlock lock;
    struct wait_queue queue;
    int readers;         /* under lock; -1: a writer */
    int writers_waiting; /* under lock */
#if defined(FATHOM_DEBUG)
    const char *name; /* (i) its class for kernel/lock_order.h */
#endif
};

void rw_lock_init(struct rw_lock *rw);

/* In debug kernels it has the name of the expression that it was made by. */
#if defined(FATHOM_DEBUG)
#define rw_lock_init(rw) (rw_lock_init(rw), (void)((rw)->name = #rw))
#endif

void rw_lock_read(struct rw_lock *rw);
void rw_unlock_read(struct rw_lock *rw);
void rw_lock_write(struct rw_lock *rw);
void rw_unlock_write(struct rw_lock *rw);

/* For assertions: somebody writes. */
bool rw_lock_write_held(struct rw_lock *rw);
