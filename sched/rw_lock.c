#include "sched/rw_lock.h"

#include "kernel/lock_order.h"
#include "lib/assert.h"

#if defined(FATHOM_DEBUG)
#define RW_NAME(rw) ((rw)->name)
#else
#define RW_NAME(rw) NULL
#endif

void(rw_lock_init)(struct rw_lock *rw)
{
    spin_init(&rw->lock, "rw lock");
    wait_queue_init(&rw->queue);
    rw->readers = 0;
    rw->writers_waiting = 0;
}

static bool rw_trylock_read(struct rw_lock *rw)
{
    bool taken;

    spin_lock(&rw->lock);
    taken = rw->readers >= 0 && rw->writers_waiting == 0;
    if (taken)
        rw->readers++;
    spin_unlock(&rw->lock);
    return taken;
}

void rw_lock_read(struct rw_lock *rw)
{
    lock_order_sleep_check(RW_NAME(rw));
    if (!rw_trylock_read(rw))
        wait_event_uninterruptible(&rw->queue, rw_trylock_read(rw));
    lock_order_sleep_taken(rw, RW_NAME(rw));
}

static void rw_wake(struct rw_lock *rw)
{
    if (wait_queue_active(&rw->queue))
        wait_wake_all(&rw->queue);
}

void rw_unlock_read(struct rw_lock *rw)
{
    bool last;

    lock_order_sleep_released(rw);
    spin_lock(&rw->lock);
    assert(rw->readers > 0);
    last = --rw->readers == 0;
    spin_unlock(&rw->lock);
    if (last)
        rw_wake(rw);
}

/* first: this writer is not counted among the waiting yet. */
static bool rw_try_write(struct rw_lock *rw, bool first)
{
    bool taken;

    spin_lock(&rw->lock);
    taken = rw->readers == 0;
    if (taken)
        rw->readers = -1;
    if (taken && !first)
        rw->writers_waiting--;
    if (!taken && first)
        rw->writers_waiting++;
    spin_unlock(&rw->lock);
    return taken;
}

void rw_lock_write(struct rw_lock *rw)
{
    lock_order_sleep_check(RW_NAME(rw));
    if (!rw_try_write(rw, true))
        wait_event_uninterruptible(&rw->queue, rw_try_write(rw, false));
    lock_order_sleep_taken(rw, RW_NAME(rw));
}

void rw_unlock_write(struct rw_lock *rw)
{
    lock_order_sleep_released(rw);
    spin_lock(&rw->lock);
    assert(rw->readers == -1);
    rw->readers = 0;
    spin_unlock(&rw->lock);
    rw_wake(rw);
}

bool rw_lock_write_held(struct rw_lock *rw)
{
    return rw->readers == -1;
}
