#include "process/kill.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "sched/signal_post.h"
#include "sched/task.h"

#define INIT_PID 1

static bool sig_valid(int sig)
{
    return sig >= 0 && sig <= NSIG;
}

/* Whether the running process may send sig to target; process_lock is held. */
static bool may_signal(const struct process *target, int sig)
{
    const struct process *self = current_task()->process;
    const struct credentials *mine = &self->cred, *its = &target->cred;

    if (self == target || mine->euid == 0)
        return true;
    if (mine->euid == its->suid || mine->euid == its->uid || mine->uid == its->suid ||
        mine->uid == its->uid)
        return true;
    return sig == SIGCONT && self->sid == target->sid;
}

static struct siginfo sender_info(int sig, int code)
{
    const struct process *self = current_task()->process;

    return (struct siginfo){.signo = sig, .code = code, .pid = self->pid, .uid = self->cred.uid};
}

/* Whether a signal that must not get lost finds no room (sigqueue(3)); process_lock is held. */
static bool no_room(const struct sigpending *pending, int sig, const struct siginfo *info)
{
    return sig >= SIGRTMIN && info->code != SI_USER && pending->count >= SIGPENDING_MAX;
}

/* 0, -EPERM or -EAGAIN; process_lock is held. */
static int send_locked(struct process *target, int sig, const struct siginfo *info)
{
    if (!may_signal(target, sig))
        return -EPERM;
    if (no_room(&target->shared_pending, sig, info))
        return -EAGAIN;
    if (sig)
        signal_post_process_locked(target, sig, info);
    return 0;
}

/* Whether kill(pid) with pid below 1 means this process. */
static bool kill_selects(pid_t pid, const struct process *target)
{
    const struct process *self = current_task()->process;

    if (pid == -1)
        return target != self && target->pid != INIT_PID;
    return target->pgid == (pid == 0 ? self->pgid : -pid);
}

/* Sends to all that pid selects: 0 if one got it, else -EPERM, or -ESRCH when there is none. */
static int send_to_many(pid_t pid, int sig, const struct siginfo *info)
{
    struct process *target;
    int result = -ESRCH;

    assert(spin_held(&process_lock));
    for (target = process_next(0); target; target = process_next(target->pid)) {
        int error;

        if (!kill_selects(pid, target))
            continue;
        error = send_locked(target, sig, info);
        if (result != 0)
            result = error;
    }
    return result;
}

int process_kill(pid_t pid, int sig)
{
    const struct siginfo info = sender_info(sig, SI_USER);
    struct process *target;
    uint64_t flags;
    int error;

    if (!sig_valid(sig))
        return -EINVAL;
    if (pid == INT32_MIN)
        return -ESRCH;
    flags = spin_lock_irqsave(&process_lock);
    if (pid > 0) {
        target = process_find(pid);
        error = target ? send_locked(target, sig, &info) : -ESRCH;
    } else {
        error = send_to_many(pid, sig, &info);
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}

/* Posts to one task; tgid 0: of any process. */
static int send_to_task(pid_t tgid, pid_t tid, int sig, const struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct task *target = task_find(tid);
    int error = 0;

    if (!target || (tgid && target->process->pid != tgid))
        error = -ESRCH;
    else if (!may_signal(target->process, sig))
        error = -EPERM;
    else if (no_room(&target->pending, sig, info))
        error = -EAGAIN;
    else if (sig)
        signal_post_task_locked(target, sig, info);
    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}

int task_kill(pid_t tgid, pid_t tid, int sig)
{
    const struct siginfo info = sender_info(sig, SI_TKILL);

    if (tgid < 0 || tid <= 0 || !sig_valid(sig))
        return -EINVAL;
    return send_to_task(tgid, tid, sig, &info);
}

/* A program may make up any information for itself; for others only what no kernel would say. */
static bool info_permitted(pid_t pid, const struct siginfo *info)
{
    return pid == current_task()->process->pid || (info->code < 0 && info->code != SI_TKILL);
}

int process_queue_signal(pid_t pid, pid_t tid, int sig, const struct siginfo *info)
{
    struct process *target;
    uint64_t flags;
    int error;

    if (!sig_valid(sig))
        return -EINVAL;
    if (!info_permitted(pid, info))
        return -EPERM;
    if (tid > 0)
        return send_to_task(pid, tid, sig, info);
    flags = spin_lock_irqsave(&process_lock);
    target = process_find(pid);
    error = target ? send_locked(target, sig, info) : -ESRCH;
    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}
