#include "process/notify.h"

#include "lib/assert.h"
#include "process/times.h"
#include "sched/signal_post.h"

static const struct k_sigaction *parent_action(const struct process *process)
{
    const struct sighand *sighand = process->parent ? process->parent->sighand : NULL;

    return sighand ? &sighand->action[SIGCHLD - 1] : NULL;
}

bool parent_declines(const struct process *process)
{
    const struct k_sigaction *action = parent_action(process);

    assert(spin_held(&process_lock));
    if (process->exit_signal != SIGCHLD || !action)
        return false;
    return action->handler == SIG_IGN || action->flags & SA_NOCLDWAIT;
}

static void notify_with(struct process *process, int sig, int code, int status)
{
    struct siginfo info = {.signo = sig, .code = code, .status = status};
    struct usage usage;

    usage_of_process(process, &usage);
    info.pid = process->pid;
    info.uid = process->cred.uid;
    info.utime = ns_to_clock_ticks(usage.user_ns);
    info.stime = ns_to_clock_ticks(usage.system_ns);
    signal_post_process_locked(process->parent, sig, &info);
}

void notify_parent(struct process *process, int code, int status)
{
    const struct k_sigaction *action = parent_action(process);

    assert(spin_held(&process_lock));
    if (!process->parent)
        return;
    if (!action || !(action->flags & SA_NOCLDSTOP))
        notify_with(process, SIGCHLD, code, status);
    wait_wake_all(&process->parent->child_wait);
}

void notify_parent_of_end(struct process *process)
{
    int status = process->exit_status;
    int sig = WAIT_STATUS_TERMSIG(status);

    assert(spin_held(&process_lock) && process->zombie);
    if (process->exit_signal && sig)
        notify_with(process, process->exit_signal, CLD_KILLED, sig);
    else if (process->exit_signal)
        notify_with(process, process->exit_signal, CLD_EXITED, WAIT_STATUS_EXITCODE(status));
    wait_wake_all(&process->parent->child_wait);
}
