/*
 * System calls about the calling task and process themselves: numbers, groups, threads' upkeep,
 * names, limits, scheduling.
 */
#include "kernel/hart.h"
#include "lib/string.h"
#include "process/futex.h"
#include "process/job.h"
#include "process/restart.h"
#include "process/rlimit.h"
#include "process/robust_list.h"
#include "sched/sched.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_time.h"

#include "drivers/rtc.h"

/* Linux, include/uapi/linux/prctl.h. */
#define PR_GET_DUMPABLE 3
#define PR_SET_NAME     15
#define PR_GET_NAME     16

int64_t sys_getpid(void)
{
    return current_task()->process->pid;
}

int64_t sys_gettid(void)
{
    return current_task()->tid;
}

int64_t sys_getppid(void)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    const struct process *parent = current_task()->process->parent;
    pid_t pid = parent ? parent->pid : 0;

    spin_unlock_irqrestore(&process_lock, flags);
    return pid;
}

int64_t sys_setpgid(pid_t pid, pid_t pgid)
{
    return job_set_group(pid, pgid);
}

int64_t sys_getpgid(pid_t pid)
{
    return job_group_of(pid);
}

int64_t sys_getsid(pid_t pid)
{
    return job_session_of(pid);
}

int64_t sys_setsid(void)
{
    return job_new_session();
}

int64_t sys_set_tid_address(vaddr_t addr)
{
    current_task()->clear_child_tid = addr;
    return current_task()->tid;
}

int64_t sys_set_robust_list(vaddr_t head, size_t size)
{
    if (size != ROBUST_LIST_HEAD_SIZE)
        return -EINVAL;
    current_task()->robust_list = head;
    return 0;
}

int64_t sys_get_robust_list(pid_t tid, vaddr_t head, vaddr_t size)
{
    const uint64_t head_size = ROBUST_LIST_HEAD_SIZE;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    const struct task *task = tid == 0 ? current_task() : task_find(tid);
    bool allowed = task && (task->process == current_task()->process ||
                            current_task()->process->cred.euid == 0);
    vaddr_t list = allowed ? task->robust_list : 0;

    spin_unlock_irqrestore(&process_lock, flags);
    if (!task)
        return -ESRCH;
    if (!allowed)
        return -EPERM;
    if (user_put(size, &head_size, sizeof(head_size)))
        return -EFAULT;
    return user_put(head, &list, sizeof(list));
}

int64_t sys_prctl(unsigned option, uint64_t arg)
{
    char name[TASK_COMM_LEN] = {0};
    ssize_t len;

    switch (option) {
    case PR_GET_DUMPABLE:
        return 1;
    case PR_GET_NAME:
        str_copy(name, current_task()->comm, sizeof(name));
        return user_put(arg, name, sizeof(name));
    case PR_SET_NAME:
        len = strncpy_from_user(name, arg, sizeof(name) - 1);
        if (len < 0)
            return -EFAULT;
        str_copy(current_task()->comm, name, sizeof(name));
        return 0;
    default:
        return -EINVAL;
    }
}

/* futex(2) with a time limit: relative for FUTEX_WAIT, else absolute, by one of two clocks. */
static int64_t futex_deadline(unsigned op, vaddr_t timeout, uint64_t *deadline)
{
    struct timespec64 ts;
    uint64_t ns, boot = rtc_boot_time_ns();
    int error;

    *deadline = TIME_FOREVER;
    if (!timeout)
        return 0;
    error = user_timespec_get(&ts, timeout);
    if (error)
        return error;
    ns = timespec_to_ns(&ts);
    if ((op & FUTEX_CMD_MASK) == FUTEX_WAIT)
        *deadline = restart_deadline(deadline_after(ns));
    else if (op & FUTEX_CLOCK_REALTIME)
        *deadline = ns > boot ? ns - boot : 0;
    else
        *deadline = ns;
    return 0;
}

static int64_t futex_wait_call(const struct syscall_args *args, struct futex_target target,
                               uint32_t bits)
{
    uint64_t deadline;
    int64_t result = futex_deadline((unsigned)args->a[1], args->a[3], &deadline);

    if (result)
        return result;
    result = futex_wait(target, (uint32_t)args->a[2], bits, deadline);
    if (result != -EINTR)
        return result;
    return deadline == TIME_FOREVER ? -ERESTARTSYS : restart_keep(deadline);
}

static int64_t futex_requeue_call(const struct syscall_args *args, struct futex_target from)
{
    const struct futex_move how = {
        .from = from,
        .to = {.addr = args->a[4], .shared = from.shared},
        .wake = (int)args->a[2],
        .move = (int)args->a[3],
        .compare = ((unsigned)args->a[1] & FUTEX_CMD_MASK) == FUTEX_CMP_REQUEUE,
        .value = (uint32_t)args->a[5],
    };

    return futex_requeue(&how);
}

int64_t sys_futex(const struct syscall_args *args)
{
    unsigned op = (unsigned)args->a[1];
    const struct futex_target target = {args->a[0], !(op & FUTEX_PRIVATE_FLAG)};

    switch (op & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
        return futex_wait_call(args, target, FUTEX_BITSET_ANY);
    case FUTEX_WAIT_BITSET:
        return futex_wait_call(args, target, (uint32_t)args->a[5]);
    case FUTEX_WAKE:
        return futex_wake(target, (int)args->a[2], FUTEX_BITSET_ANY);
    case FUTEX_WAKE_BITSET:
        return futex_wake(target, (int)args->a[2], (uint32_t)args->a[5]);
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
        return futex_requeue_call(args, target);
    default:
        return -ENOSYS;
    }
}

int64_t sys_prlimit64(pid_t pid, int resource, vaddr_t new, vaddr_t old)
{
    struct rlimit wanted, before;
    int error;

    if (new &&user_get(&wanted, new, sizeof(wanted)))
        return -EFAULT;
    error = rlimit_change(pid, (unsigned)resource, new ? &wanted : NULL, &before);
    if (!error && old)
        error = user_put(old, &before, sizeof(before));
    return error;
}

int64_t sys_getrlimit(int resource, vaddr_t limit)
{
    struct rlimit before;
    int error = rlimit_change(0, (unsigned)resource, NULL, &before);

    return error ? error : user_put(limit, &before, sizeof(before));
}

int64_t sys_setrlimit(int resource, vaddr_t limit)
{
    struct rlimit wanted, before;

    if (user_get(&wanted, limit, sizeof(wanted)))
        return -EFAULT;
    return rlimit_change(0, (unsigned)resource, &wanted, &before);
}

int64_t sys_sched_yield(void)
{
    sched_yield();
    return 0;
}

/* Whether there is such a task (0: the caller). */
static bool task_exists(pid_t tid)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool exists = tid == 0 || task_find(tid);

    spin_unlock_irqrestore(&process_lock, flags);
    return exists;
}

int64_t sys_sched_getaffinity(pid_t tid, size_t size, vaddr_t mask)
{
    uint64_t mask_bits = hart_online_mask();

    if (size < sizeof(mask_bits) || size % sizeof(mask_bits))
        return -EINVAL;
    if (!task_exists(tid))
        return -ESRCH;
    return user_put(mask, &mask_bits, sizeof(mask_bits)) ? -EFAULT : (int64_t)sizeof(mask_bits);
}

/* A wish: every task may run on every hart. */
int64_t sys_sched_setaffinity(pid_t tid, size_t size, vaddr_t mask)
{
    uint64_t mask_bits = 0;

    if (user_get(&mask_bits, mask, MIN(size, sizeof(mask_bits))))
        return -EFAULT;
    if (!task_exists(tid))
        return -ESRCH;
    return mask_bits & hart_online_mask() ? 0 : -EINVAL;
}

int64_t sys_getcpu(vaddr_t cpu, vaddr_t node)
{
    const uint32_t index = hart_index(), zero = 0;

    if (cpu && user_put(cpu, &index, sizeof(index)))
        return -EFAULT;
    return node ? user_put(node, &zero, sizeof(zero)) : 0;
}
