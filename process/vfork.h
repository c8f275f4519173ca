/*
 * vfork: the parent sleeps until the child has an address space of its own, or none.
 */
#pragma once

#include "sched/wait.h"

struct task;

/* What the parent waits on; lives on its stack. */
struct vfork_wait {
    struct wait_queue queue;
    bool done;
};

/* Ties a child that is not running yet to its parent's wait; takes a reference to the child. */
void vfork_prepare(struct task *child, struct vfork_wait *wait);

/* The parent waits for the child; a fatal signal ends the wait. Gives the reference back. */
void vfork_wait(struct task *child, struct vfork_wait *wait);

/* The running task has execed or is ending: lets its parent go on, if it waits. */
void vfork_release(void);
