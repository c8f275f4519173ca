/*
 * A task is woken when something that it does not block, and does not ignore, becomes pending for
 * it. Stop signals and SIGCONT cancel each other as they are posted.
 */
#include "sched/signal_post.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "sched/sched.h"
#include "sched/task.h"

/* init takes only signals that it handles: nothing kills or stops pid 1. */
static bool signal_spared(const struct process *process, int sig)
{
    return process->pid == 1 && signal_action(process, sig) == SIG_DFL;
}

/* Tells a task that it has a signal; wakes it as deeply as the signal's weight allows. */
static void signal_notify(struct task *task, int sig)
{
    unsigned states = TASK_INTERRUPTIBLE;

    if (SIG_BIT(sig) & task->blocked)
        return;
    if (signal_fatal(task->process, sig))
        states |= TASK_KILLABLE;
    if (sig == SIGKILL)
        states |= TASK_STOPPED;
    task->signal_wake = true;
    if (!sched_wake(task, states))
        sched_kick(task);
}

/* Stop signals and SIGCONT cancel each other, pending or in force (POSIX, 2.4.1). */
static void signal_cancel_opposite(struct process *process, int sig)
{
    uint64_t opposite = 0;
    struct task *task;

    if (signal_default_stops(sig))
        opposite = SIG_BIT(SIGCONT);
    else if (sig == SIGCONT)
        opposite = SIG_STOP_SET;
    if (!opposite)
        return;
    sigpending_remove(&process->shared_pending, opposite);
    list_for_each_entry (task, &process->threads, thread_link) {
        sigpending_remove(&task->pending, opposite);
        if (sig == SIGCONT)
            sched_wake(task, TASK_STOPPED);
    }
    if (sig == SIGCONT)
        process->stop_taken = false;
    if (sig == SIGCONT && process->stop_signal) {
        process->stop_signal = 0;
        process->continue_pending = true;
        process->stop_reported = false;
        if (process->parent)
            wait_wake_all(&process->parent->child_wait);
    }
}

/* Whether posting has any effect; a blocked signal is kept even if it would be ignored. */
static bool signal_wanted(struct process *process, uint64_t blocked, int sig)
{
    if (process->zombie || process == &kernel_process)
        return false;
    if (signal_spared(process, sig))
        return false;
    return blocked & SIG_BIT(sig) || !signal_ignored(process, sig);
}

void signal_post_task_locked(struct task *task, int sig, const struct siginfo *info)
{
    assert(spin_held(&process_lock));
    signal_cancel_opposite(task->process, sig);
    if (!signal_wanted(task->process, task->blocked | task->awaited, sig))
        return;
    sigpending_add(&task->pending, sig, info);
    signal_notify(task, sig);
}

void signal_post_process_locked(struct process *process, int sig, const struct siginfo *info)
{
    struct task *task, *target = NULL;
    uint64_t blocked_by_all = ~0UL;

    assert(spin_held(&process_lock));
    signal_cancel_opposite(process, sig);
    list_for_each_entry (task, &process->threads, thread_link) {
        blocked_by_all &= task->blocked | task->awaited;
        if (!target && !(task->blocked & SIG_BIT(sig)))
            target = task;
    }
    if (!signal_wanted(process, blocked_by_all, sig))
        return;
    sigpending_add(&process->shared_pending, sig, info);
    if (signal_fatal(process, sig)) {
        list_for_each_entry (task, &process->threads, thread_link)
            signal_notify(task, sig);
    } else if (target) {
        signal_notify(target, sig);
    }
}

int signal_post_group(pid_t pgid, int sig, const struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *process;
    int count = 0;

    for (process = process_next(0); process; process = process_next(process->pid)) {
        if (process->pgid != pgid)
            continue;
        signal_post_process_locked(process, sig, info);
        count++;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return count;
}

void signal_pass_on(uint64_t set)
{
    struct task *self = current_task(), *task;

    assert(spin_held(&process_lock));
    for (set &= self->process->shared_pending.set; set; set &= set - 1) {
        int sig = (int)ctz64(set) + 1;

        list_for_each_entry (task, &self->process->threads, thread_link) {
            if (task == self || task->blocked & SIG_BIT(sig))
                continue;
            signal_notify(task, sig);
            break;
        }
    }
}

void signal_set_blocked(uint64_t mask)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct task *task = current_task();

    mask &= ~SIG_UNBLOCKABLE;
    signal_pass_on(mask & ~task->blocked);
    task->blocked = mask;
    signal_recalc(task);
    spin_unlock_irqrestore(&process_lock, flags);
}

void signal_force(int sig, const struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct task *task = current_task();
    struct k_sigaction *action = &task->process->sighand->action[sig - 1];

    if (action->handler == SIG_IGN || task->blocked & SIG_BIT(sig))
        action->handler = SIG_DFL;
    task->blocked &= ~SIG_BIT(sig);
    sigpending_remove(&task->pending, SIG_BIT(sig));
    sigpending_add(&task->pending, sig, info);
    task->signal_wake = true;
    spin_unlock_irqrestore(&process_lock, flags);
}
