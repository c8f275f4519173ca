#include "process/rlimit.h"

#include "lib/errno.h"
#include "mm/mm.h"

/* Linux's for init: include/asm-generic/resource.h and fs/file.c. */
static const struct rlimit first_limits[RLIMIT_COUNT] = {
    [RLIMIT_CPU] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_FSIZE] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_DATA] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_STACK] = {8 * MIB, RLIM_INFINITY},
    [RLIMIT_CORE] = {0, RLIM_INFINITY},
    [RLIMIT_RSS] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_NPROC] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_NOFILE] = {1024, 4096},
    [RLIMIT_MEMLOCK] = {8 * MIB, 8 * MIB},
    [RLIMIT_AS] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_LOCKS] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_SIGPENDING] = {RLIM_INFINITY, RLIM_INFINITY},
    [RLIMIT_MSGQUEUE] = {819200, 819200},
    [RLIMIT_NICE] = {0, 0},
    [RLIMIT_RTPRIO] = {0, 0},
    [RLIMIT_RTTIME] = {RLIM_INFINITY, RLIM_INFINITY},
};

#define NOFILE_MAX (1UL << 20) /* Linux's fs.nr_open */

void rlimit_init(struct process *process)
{
    for (size_t i = 0; i < RLIMIT_COUNT; i++)
        process->rlimits[i] = first_limits[i];
}

uint64_t rlimit_current(unsigned resource)
{
    return __atomic_load_n(&current_task()->process->rlimits[resource].cur, __ATOMIC_RELAXED);
}

/* Whether the running process may look at and change the limits of this one. */
static bool may_change(const struct process *target)
{
    const struct credentials *mine = &current_task()->process->cred, *its = &target->cred;

    if (target == current_task()->process || mine->euid == 0)
        return true;
    return mine->uid == its->uid && mine->uid == its->euid && mine->uid == its->suid &&
           mine->gid == its->gid && mine->gid == its->egid && mine->gid == its->sgid;
}

static int check_new(unsigned resource, const struct rlimit *new, const struct rlimit *old)
{
    if (new->cur > new->max)
        return -EINVAL;
    if (resource == RLIMIT_NOFILE && new->max > NOFILE_MAX)
        return -EPERM;
    if (new->max > old->max && current_task()->process->cred.euid != 0)
        return -EPERM;
    return 0;
}

/* process_lock is held. */
static int change_locked(struct process *process, unsigned resource, const struct rlimit *new,
                         struct rlimit *old)
{
    int error = 0;

    if (!process)
        return -ESRCH;
    if (!may_change(process))
        return -EPERM;
    *old = process->rlimits[resource];
    if (new)
        error = check_new(resource, new, old);
    if (new && !error)
        process->rlimits[resource] = *new;
    return error;
}

int rlimit_change(pid_t pid, unsigned resource, const struct rlimit *new, struct rlimit *old)
{
    struct process *process;
    uint64_t flags;
    int error;

    if (resource >= RLIMIT_COUNT)
        return -EINVAL;
    flags = spin_lock_irqsave(&process_lock);
    process = pid == 0 ? current_task()->process : process_find(pid);
    error = change_locked(process, resource, new, old);
    spin_unlock_irqrestore(&process_lock, flags);
    if (!error && new &&process == current_task()->process)
        rlimit_apply(current_task()->mm);
    return error;
}

void rlimit_apply(struct mm *mm)
{
    rw_lock_write(&mm->lock);
    mm->as_limit = rlimit_current(RLIMIT_AS);
    mm->data_limit = rlimit_current(RLIMIT_DATA);
    mm->stack_limit = rlimit_current(RLIMIT_STACK);
    rw_unlock_write(&mm->lock);
}
