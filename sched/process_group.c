/*
 * Process groups have no structure of their own: a group is the processes that name it. These
 * questions are asked when a process stops, dies with children or changes its group, which is rare
 * enough for a walk over all.
 */
#include "sched/process_group.h"

#include "lib/assert.h"
#include "sched/task.h"

#define INIT_PID 1

bool process_group_is_orphaned(pid_t pgid, const struct process *without)
{
    struct process *p;

    assert(spin_held(&process_lock));
    for (p = process_next(0); p; p = process_next(p->pid)) {
        const struct process *parent = p->parent;

        if (p->pgid != pgid || p == without || p->zombie || !parent || parent->pid == INIT_PID)
            continue;
        if (parent->pgid != pgid && parent->sid == p->sid)
            return false;
    }
    return true;
}

bool process_group_has_stopped(pid_t pgid)
{
    struct process *p;

    assert(spin_held(&process_lock));
    for (p = process_next(0); p; p = process_next(p->pid))
        if (p->pgid == pgid && p->stop_signal)
            return true;
    return false;
}

bool process_group_exists(pid_t pgid, pid_t sid)
{
    struct process *p;

    assert(spin_held(&process_lock));
    for (p = process_next(0); p; p = process_next(p->pid))
        if (p->pgid == pgid && p->sid == sid)
            return true;
    return false;
}
