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
};

void rw_lock_init(struct rw_lock *rw);
void rw_lock_read(struct rw_lock *rw);
void rw_unlock_read(struct rw_lock *rw);
void rw_lock_write(struct rw_lock *rw);
void rw_unlock_write(struct rw_lock *rw);

/* For assertions: somebody writes. */
bool rw_lock_write_held(struct rw_lock *rw);
