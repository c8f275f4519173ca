#include "process/threads.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "sched/sched.h"
#include "sched/task.h"

void threads_interrupt_others(void)
{
    struct task *self = current_task(), *task;

    assert(spin_held(&process_lock));
    list_for_each_entry (task, &self->process->threads, thread_link) {
        if (task == self)
            continue;
        task->signal_wake = true;
        if (!sched_wake(task, TASK_INTERRUPTIBLE | TASK_KILLABLE | TASK_STOPPED))
            sched_kick(task);
    }
}

void threads_one_ended(struct process *process)
{
    assert(spin_held(&process_lock));
    if (process->exec_task)
        wait_wake_all(&process->child_wait);
}

int threads_end_others(void)
{
    struct task *self = current_task();
    struct process *process = self->process;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool busy = process->exiting || process->exec_task;

    if (!busy) {
        process->exec_task = self;
        threads_interrupt_others();
    }
    spin_unlock_irqrestore(&process_lock, flags);
    if (busy)
        return -EAGAIN;
    wait_event_uninterruptible(&process->child_wait,
                               __atomic_load_n(&process->thread_count, __ATOMIC_ACQUIRE) == 1);
    flags = spin_lock_irqsave(&process_lock);
    task_become_leader();
    process->exec_task = NULL;
    spin_unlock_irqrestore(&process_lock, flags);
    return 0;
}
