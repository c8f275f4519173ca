/* What a task is doing, as the scheduler sees it. */
#pragma once

enum task_state {
    TASK_RUNNING = 0,         /* runs, or waits for a hart */
    TASK_INTERRUPTIBLE = 1,   /* sleeps; any signal wakes it */
    TASK_UNINTERRUPTIBLE = 2, /* sleeps; only what it waits for wakes it */
    TASK_KILLABLE = 4,        /* sleeps; a fatal signal wakes it */
    TASK_STOPPED = 8,         /* stopped by a signal */
    TASK_DEAD = 16,           /* will never run again */
};
