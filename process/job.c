#include "process/job.h"

#include "lib/errno.h"
#include "sched/process_group.h"
#include "sched/task.h"

/* The process that setpgid() may change: the running one or a child of it, else NULL. */
static struct process *changeable(pid_t pid)
{
    struct process *self = current_task()->process;
    struct process *process = pid == 0 ? self : process_find(pid);

    return process && (process == self || process->parent == self) ? process : NULL;
}

/* process_lock is held. */
static int set_group_locked(struct process *process, pid_t pgid)
{
    struct process *self = current_task()->process;

    if (!process)
        return -ESRCH;
    if (process != self && process->sid != self->sid)
        return -EPERM;
    if (process != self && process->execed)
        return -EACCES;
    if (process->sid == process->pid)
        return -EPERM;
    if (pgid == 0)
        pgid = process->pid;
    if (pgid != process->pid && !process_group_exists(pgid, self->sid))
        return -EPERM;
    process->pgid = pgid;
    return 0;
}

int job_set_group(pid_t pid, pid_t pgid)
{
    uint64_t flags;
    int error;

    if (pgid < 0)
        return -EINVAL;
    flags = spin_lock_irqsave(&process_lock);
    error = set_group_locked(changeable(pid), pgid);
    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}

/* Whether any process is in the group, in whatever session; process_lock is held. */
static bool group_in_use(pid_t pgid)
{
    struct process *p;

    for (p = process_next(0); p; p = process_next(p->pid))
        if (p->pgid == pgid)
            return true;
    return false;
}

int64_t job_new_session(void)
{
    struct process *self = current_task()->process;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    int64_t result = -EPERM;

    if (self->pgid != self->pid && !group_in_use(self->pid)) {
        self->sid = self->pid;
        self->pgid = self->pid;
        self->tty = NULL;
        result = self->pid;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return result;
}

/* The group and the session of a process (0: the caller's): 0 or -ESRCH. */
static int64_t job_look(pid_t pid, pid_t *pgid, pid_t *sid)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *process = pid == 0 ? current_task()->process : process_find(pid);

    if (process) {
        *pgid = process->pgid;
        *sid = process->sid;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return process ? 0 : -ESRCH;
}

int64_t job_group_of(pid_t pid)
{
    pid_t pgid, sid;
    int64_t error = job_look(pid, &pgid, &sid);

    return error ? error : pgid;
}

int64_t job_session_of(pid_t pid)
{
    pid_t pgid, sid;
    int64_t error = job_look(pid, &pgid, &sid);

    return error ? error : sid;
}
