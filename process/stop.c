/*
 * process->stop_signal says that the process is stopped; whoever clears it (SIGCONT, in
 * sched/signal.c) wakes its tasks. Each sleeps on its own way back to user mode. The task that took
 * the signal tells the parent, both of the stop and of the continuation.
 */
#include "process/stop.h"

#include "process/notify.h"
#include "process/threads.h"
#include "sched/process_group.h"
#include "sched/sched.h"
#include "sched/task.h"

/* Whether the running task's process is to stay stopped; process_lock is held. */
static bool stays_stopped(struct task *task)
{
    struct process *process = task->process;

    if (process->exiting || (process->exec_task && process->exec_task != task))
        return false;
    if ((task->pending.set | process->shared_pending.set) & SIG_BIT(SIGKILL))
        return false;
    return process->stop_signal != 0;
}

void process_stop_wait(void)
{
    struct task *task = current_task();

    for (;;) {
        uint64_t flags = spin_lock_irqsave(&process_lock);
        bool stay = stays_stopped(task);

        task->state = stay ? TASK_STOPPED : TASK_RUNNING;
        spin_unlock_irqrestore(&process_lock, flags);
        if (!stay)
            return;
        sched_switch();
    }
}

/* Marks the process stopped and tells everyone; false if the stop does not happen: the process is
 * ending, a SIGCONT has come since the signal was taken, or nobody could continue it. */
static bool begin_stop(struct process *process, int sig)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool stop = process->stop_taken && !process->exiting && !process->exec_task;

    if (sig != SIGSTOP && process_group_is_orphaned(process->pgid, NULL))
        stop = false;
    if (stop) {
        process->stop_signal = sig;
        process->stop_reported = false;
        process->continue_pending = false;
        threads_interrupt_others();
        notify_parent(process, CLD_STOPPED, sig);
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return stop;
}

void process_stop(int sig)
{
    struct process *process = current_task()->process;
    uint64_t flags;

    if (!begin_stop(process, sig))
        return;
    process_stop_wait();
    flags = spin_lock_irqsave(&process_lock);
    if (process->continue_pending)
        notify_parent(process, CLD_CONTINUED, SIGCONT);
    spin_unlock_irqrestore(&process_lock, flags);
}
