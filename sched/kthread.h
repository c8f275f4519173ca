/* Kernel threads: tasks with no user half, all in kernel_process. */
#pragma once

#include "sched/task.h"

/* Starts fn(arg) as a task; it ends when fn returns. NULL when memory is short. name must stay. */
struct task *kthread_create(const char *name, void (*fn)(void *), void *arg);
