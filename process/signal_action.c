#include "process/signal_action.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "sched/signal_post.h"
#include "sched/task.h"

int signal_action_set(int sig, const struct k_sigaction *new, struct k_sigaction *old)
{
    struct process *process = current_task()->process;
    struct k_sigaction *action;
    uint64_t flags;

    if (sig < 1 || sig > NSIG || (new &&SIG_BIT(sig) & SIG_UNBLOCKABLE))
        return -EINVAL;
    flags = spin_lock_irqsave(&process_lock);
    action = &process->sighand->action[sig - 1];
    *old = *action;
    if (new) {
        *action = *new;
        action->mask &= ~SIG_UNBLOCKABLE;
        signal_discard_ignored(process, sig);
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return 0;
}

void signal_action_reset(struct sighand *sighand)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);

    assert(sighand->refs == 1);
    for (size_t i = 0; i < NSIG; i++) {
        uint64_t handler = sighand->action[i].handler;

        sighand->action[i] =
            (struct k_sigaction){.handler = handler == SIG_IGN ? SIG_IGN : SIG_DFL};
    }
    spin_unlock_irqrestore(&process_lock, flags);
}

int signal_mask_change(int how, uint64_t set)
{
    uint64_t blocked = current_task()->blocked;

    switch (how) {
    case SIG_BLOCK:
        blocked |= set;
        break;
    case SIG_UNBLOCK:
        blocked &= ~set;
        break;
    case SIG_SETMASK:
        blocked = set;
        break;
    default:
        return -EINVAL;
    }
    signal_set_blocked(blocked);
    return 0;
}

uint64_t signal_pending_set(void)
{
    struct task *task = current_task();
    uint64_t flags = spin_lock_irqsave(&process_lock);
    uint64_t set = (task->pending.set | task->process->shared_pending.set) & task->blocked;

    spin_unlock_irqrestore(&process_lock, flags);
    return set;
}

void signal_mask_replace(uint64_t mask)
{
    struct task *task = current_task();

    task->saved_blocked = task->blocked;
    task->restore_blocked = true;
    signal_set_blocked(mask);
}

void signal_mask_restore(void)
{
    struct task *task = current_task();

    if (!task->restore_blocked)
        return;
    task->restore_blocked = false;
    signal_set_blocked(task->saved_blocked);
}

int signal_suspend(void)
{
    struct wait_queue never;

    wait_queue_init(&never);
    return wait_event(&never, false);
}

/* Takes one signal of the set, if there is one: its number or 0. */
static int take(uint64_t set, struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    int sig = signal_dequeue_set(set, info);

    signal_pass_on(set); /* another task may wait for one that is left */
    signal_recalc(current_task());
    spin_unlock_irqrestore(&process_lock, flags);
    return sig;
}

/* While it waits the task lets the signals of `set` wake it, and keeps them though ignored. */
static void await(uint64_t awaited, uint64_t blocked)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);

    current_task()->awaited = awaited;
    current_task()->blocked = blocked;
    signal_recalc(current_task());
    spin_unlock_irqrestore(&process_lock, flags);
}

int signal_wait(uint64_t set, uint64_t deadline, struct siginfo *info)
{
    uint64_t blocked = current_task()->blocked;
    struct wait_queue never;
    int sig, error;

    set &= ~SIG_UNBLOCKABLE;
    sig = take(set, info);
    if (sig)
        return sig;
    wait_queue_init(&never);
    await(set, blocked & ~set);
    error = wait_event_until(&never, false, deadline);
    await(0, blocked);
    sig = take(set, info);
    if (sig)
        return sig;
    return error == -ETIMEDOUT ? -EAGAIN : -EINTR;
}
