#include "sched/wait.h"

#include "arch/time.h"
#include "kernel/hart.h"
#include "lib/assert.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task.h"

void wait_prepare(struct wait_queue *queue, struct wait_entry *entry, enum task_state state)
{
    uint64_t flags = spin_lock_irqsave(&queue->lock);

    if (!entry->task) {
        entry->task = current_task();
        list_add_tail(&entry->link, &queue->waiters);
    }
    current_task()->state = state;
    spin_unlock_irqrestore(&queue->lock, flags);
    /* Pairs with the fence in wait_queue_active(). */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void wait_finish(struct wait_queue *queue, struct wait_entry *entry)
{
    uint64_t flags = spin_lock_irqsave(&queue->lock);

    if (entry->task)
        list_del(&entry->link);
    entry->task = NULL;
    current_task()->state = TASK_RUNNING;
    spin_unlock_irqrestore(&queue->lock, flags);
}

/* An exclusive waiter goes to the end once it is woken, so that the next wake-up finds another. */
static void wait_wake(struct wait_queue *queue, bool one)
{
    uint64_t flags = spin_lock_irqsave(&queue->lock);
    struct wait_entry *entry;

    list_for_each_entry (entry, &queue->waiters, link) {
        bool woken =
            sched_wake(entry->task, TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE | TASK_KILLABLE);

        if (one && entry->exclusive && woken)
            break;
    }
    spin_unlock_irqrestore(&queue->lock, flags);
    sched_send_ipis();
}

void wait_wake_all(struct wait_queue *queue)
{
    wait_wake(queue, false);
}

void wait_wake_one(struct wait_queue *queue)
{
    wait_wake(queue, true);
}

bool wait_queue_active(struct wait_queue *queue)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return !list_empty(&queue->waiters);
}

bool wait_interrupted(enum task_state state)
{
    switch (state) {
    case TASK_INTERRUPTIBLE:
        return signal_pending();
    case TASK_KILLABLE:
        return signal_fatal_pending();
    default:
        return false;
    }
}

static void sleep_timer_fire(struct timer *timer)
{
    struct task *task = container_of(timer, struct task, sleep_timer);

    sched_wake(task, TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE | TASK_KILLABLE);
}

bool wait_sleep_until(uint64_t deadline_ns)
{
    struct task *task = current_task();

    assert(!this_hart()->in_interrupt);
    task->usage.voluntary_switches++;
    if (deadline_ns == UINT64_MAX) {
        sched_switch();
        return true;
    }
    if (time_ns() >= deadline_ns)
        return false;
    timer_init(&task->sleep_timer, sleep_timer_fire);
    timer_arm(&task->sleep_timer, deadline_ns);
    sched_switch();
    timer_cancel(&task->sleep_timer);
    return time_ns() < deadline_ns;
}
