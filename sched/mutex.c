#include "sched/mutex.h"

#include "kernel/lock_order.h"
#include "lib/assert.h"
#include "sched/task.h"

#if defined(FATHOM_DEBUG)
#define MUTEX_NAME(mutex) ((mutex)->name)
#else
#define MUTEX_NAME(mutex) NULL
#endif

void(mutex_init)(struct mutex *mutex)
{
    wait_queue_init(&mutex->queue);
    mutex->owner = NULL;
}

static bool mutex_trylock(struct mutex *mutex)
{
    struct task *none = NULL;

    return __atomic_compare_exchange_n(&mutex->owner, &none, current_task(), false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

void mutex_lock(struct mutex *mutex)
{
    assert(!mutex_held(mutex));
    lock_order_sleep_check(MUTEX_NAME(mutex));
    if (!mutex_trylock(mutex))
        (void)wait_event_common(&mutex->queue, mutex_trylock(mutex), TASK_UNINTERRUPTIBLE,
                                UINT64_MAX, true);
    lock_order_sleep_taken(mutex, MUTEX_NAME(mutex));
}

void mutex_unlock(struct mutex *mutex)
{
    assert(mutex_held(mutex));
    lock_order_sleep_released(mutex);
    __atomic_store_n(&mutex->owner, NULL, __ATOMIC_SEQ_CST);
    if (wait_queue_active(&mutex->queue))
        wait_wake_one(&mutex->queue);
}

bool mutex_held(struct mutex *mutex)
{
    return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == current_task();
}
