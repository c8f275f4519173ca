/*
 * Wait queues: where tasks sleep until what they wait for may hold.
 *
 *     wait_event(&queue, condition)   sleeps until condition; 0, or -EINTR when a signal came
 *
 * The waker makes the condition true first, then calls wait_wake*(). The sleeper puts itself on
 * the queue before it looks at the condition, so no wake-up is lost. Conditions are looked at
 * without the queue's lock.
 *
 * Order: the queue's lock, then a run queue's.
 */
#pragma once

#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "lib/list.h"
#include "lib/types.h"
#include "sched/task_state.h"

struct task;

struct wait_queue {
    struct spinlock lock;
    struct list_head waiters; /* struct wait_entry, under lock */
};

struct wait_entry {
    struct task *task;
    struct list_head link;
    bool exclusive; /* wait_wake_one() wakes one of these */
};

static inline void wait_queue_init(struct wait_queue *queue)
{
    spin_init(&queue->lock, "wait queue");
    list_init(&queue->waiters);
}

/* Joins the queue (once) and sets the task's state; the caller then looks at its condition. */
void wait_prepare(struct wait_queue *queue, struct wait_entry *entry, enum task_state state);

/* Leaves the queue; the task is running again. */
void wait_finish(struct wait_queue *queue, struct wait_entry *entry);

/* Wakes every waiter, or the first exclusive one and all that are not. Any context. */
void wait_wake_all(struct wait_queue *queue);
void wait_wake_one(struct wait_queue *queue);

/* True when somebody waits: a hint, without the lock. */
bool wait_queue_active(struct wait_queue *queue);

/* Whether a sleep in this state has to end because of a signal. */
bool wait_interrupted(enum task_state state);

/* Gives up the hart until woken, or until the deadline (time_ns(), UINT64_MAX: none). Returns false
 * when the deadline has passed. The state was set by wait_prepare(). */
bool wait_sleep_until(uint64_t deadline_ns);

/* state: TASK_UNINTERRUPTIBLE, TASK_INTERRUPTIBLE, TASK_KILLABLE. Value: 0, -EINTR or -ETIMEDOUT.
 */
#define wait_event_common(queue, condition, sleep_state, deadline, is_exclusive)                   \
    ({                                                                                             \
        struct wait_entry wait_entry_ = {.exclusive = (is_exclusive)};                             \
        int wait_error_ = 0;                                                                       \
        for (;;) {                                                                                 \
            wait_prepare((queue), &wait_entry_, (sleep_state));                                    \
            if (condition)                                                                         \
                break;                                                                             \
            if (wait_interrupted(sleep_state)) {                                                   \
                wait_error_ = -EINTR;                                                              \
                break;                                                                             \
            }                                                                                      \
            if (!wait_sleep_until(deadline) && !(condition)) {                                     \
                wait_error_ = -ETIMEDOUT;                                                          \
                break;                                                                             \
            }                                                                                      \
        }                                                                                          \
        wait_finish((queue), &wait_entry_);                                                        \
        wait_error_;                                                                               \
    })

/* Sleeps until condition holds, whatever comes. */
#define wait_event_uninterruptible(queue, condition)                                               \
    ((void)wait_event_common(queue, condition, TASK_UNINTERRUPTIBLE, UINT64_MAX, false))

/* Sleeps until condition holds: 0, or -EINTR when a signal is to be handled first. */
#define wait_event(queue, condition)                                                               \
    wait_event_common(queue, condition, TASK_INTERRUPTIBLE, UINT64_MAX, false)

/* The same, ended only by a fatal signal. */
#define wait_event_killable(queue, condition)                                                      \
    wait_event_common(queue, condition, TASK_KILLABLE, UINT64_MAX, false)

/* The same as wait_event, or -ETIMEDOUT at the deadline (time_ns()). */
#define wait_event_until(queue, condition, deadline)                                               \
    wait_event_common(queue, condition, TASK_INTERRUPTIBLE, deadline, false)
