/* The scheduler's double; see sched_host.h. */
#include "tests/host/support/sched_host.h"

#include "arch/time.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "sched/mutex.h"
#include "sched/rw_lock.h"
#include "sched/sched.h"
#include "sched/signal_post.h"
#include "sched/wait.h"

#define WEAK __attribute__((weak))

struct process host_process = {.pid = 2};
struct task host_task = {.process = &host_process, .comm = "host", .tid = 2, .refs = 1};
bool (*host_wait_hook)(void);
bool host_signal_fatal;
unsigned host_signals_posted;
int host_signal_last;

WEAK struct spinlock process_lock;
WEAK struct process kernel_process;

void host_sched_init(void)
{
    if (host_thread != &host_task.thread)
        host_task.thread = *host_thread;
    host_thread = &host_task.thread;
    list_init(&host_process.threads);
    list_init(&host_process.children);
    list_add(&host_task.thread_link, &host_process.threads);
    host_process.thread_count = 1;
    host_process.leader = &host_task;
}

/* Wait queues. */

WEAK void wait_prepare(struct wait_queue *queue, struct wait_entry *entry, enum task_state state)
{
    (void)state;
    if (!entry->task) {
        entry->task = &host_task;
        list_add_tail(&entry->link, &queue->waiters);
    }
}

WEAK void wait_finish(struct wait_queue *queue, struct wait_entry *entry)
{
    (void)queue;
    list_del(&entry->link);
    entry->task = NULL;
}

WEAK void wait_wake_all(struct wait_queue *queue)
{
    (void)queue;
}

WEAK void wait_wake_one(struct wait_queue *queue)
{
    (void)queue;
}

WEAK bool wait_queue_active(struct wait_queue *queue)
{
    return !list_empty(&queue->waiters);
}

WEAK bool wait_interrupted(enum task_state state)
{
    return state != TASK_UNINTERRUPTIBLE && host_signal_fatal;
}

WEAK bool wait_sleep_until(uint64_t deadline_ns)
{
    if (host_wait_hook && host_wait_hook())
        return true;
    assert(deadline_ns != UINT64_MAX); /* the only task would sleep for ever */
    host_time_ns = deadline_ns;
    return false;
}

/* Sleeping locks. */

WEAK void mutex_init(struct mutex *mutex)
{
    wait_queue_init(&mutex->queue);
    mutex->owner = NULL;
}

WEAK void mutex_lock(struct mutex *mutex)
{
    assert(!mutex->owner);
    mutex->owner = &host_task;
}

WEAK void mutex_unlock(struct mutex *mutex)
{
    assert(mutex->owner == &host_task);
    mutex->owner = NULL;
}

WEAK bool mutex_held(struct mutex *mutex)
{
    return mutex->owner == &host_task;
}

WEAK void rw_lock_init(struct rw_lock *rw)
{
    rw->lock = (struct spinlock){.name = "rw_lock"};
    wait_queue_init(&rw->queue);
    rw->readers = 0;
    rw->writers_waiting = 0;
}

WEAK void rw_lock_read(struct rw_lock *rw)
{
    assert(rw->readers == 0); /* by the only task: taken twice */
    rw->readers++;
}

WEAK void rw_unlock_read(struct rw_lock *rw)
{
    assert(rw->readers > 0);
    rw->readers--;
}

WEAK void rw_lock_write(struct rw_lock *rw)
{
    assert(rw->readers == 0);
    rw->readers = -1;
}

WEAK void rw_unlock_write(struct rw_lock *rw)
{
    assert(rw->readers == -1);
    rw->readers = 0;
}

WEAK bool rw_lock_write_held(struct rw_lock *rw)
{
    return rw->readers == -1;
}

/* The scheduler. */

WEAK void sched_yield(void)
{
}

WEAK void sched_relax(void)
{
}

WEAK bool sched_wake(struct task *task, unsigned states)
{
    (void)task;
    (void)states;
    return false;
}

/* Processes and signals. */

WEAK struct process *process_find(pid_t pid)
{
    return pid == host_process.pid ? &host_process : NULL;
}

WEAK struct process *process_next(pid_t after)
{
    return after < host_process.pid ? &host_process : NULL;
}

WEAK void task_put(struct task *task)
{
    assert(task->refs > 0);
    task->refs--;
}

WEAK bool signal_pending(void)
{
    return host_signal_fatal;
}

WEAK bool signal_fatal_pending(void)
{
    return host_signal_fatal;
}

WEAK void signal_post_process_locked(struct process *process, int sig, const struct siginfo *info)
{
    (void)process;
    (void)info;
    host_signals_posted++;
    host_signal_last = sig;
}

WEAK void signal_post_task_locked(struct task *task, int sig, const struct siginfo *info)
{
    signal_post_process_locked(task->process, sig, info);
}
