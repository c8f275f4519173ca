/*
 * The end of a zombie: its numbers go to its parent, its name is free again.
 */
#pragma once

#include "sched/task.h"

/*
 * Takes a zombie out of all tables; with `count`, its parent's sum of children's usage grows by
 * its. process_lock is held; the caller then frees it with process_free(), without the lock.
 */
void reap_locked(struct process *process, bool count);
