/*
 * Spin locks: for a few instructions, never across a sleep. A lock that an interrupt handler takes
 * is taken with spin_lock_irqsave() everywhere.
 *
 * The holder is kept, so that taking a lock twice is caught at once rather than hung on.
 */
#pragma once

#include "arch/irq.h"
#include "lib/types.h"

struct hart;

struct spinlock {
    uint32_t locked;     /* (a) */
    struct hart *holder; /* (a) for spin_held() and the check against taking it twice */
    const char *name;    /* (i) */
};

#define SPINLOCK_INIT(n)                                                                           \
    {                                                                                              \
        .name = (n)                                                                                \
    }

void spin_init(struct spinlock *lock, const char *name);
void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);
bool spin_trylock(struct spinlock *lock);

/* Whether this hart holds the lock: for assertions. */
bool spin_held(struct spinlock *lock);

static inline uint64_t spin_lock_irqsave(struct spinlock *lock)
{
    uint64_t flags = irq_save();

    spin_lock(lock);
    return flags;
}

static inline void spin_unlock_irqrestore(struct spinlock *lock, uint64_t flags)
{
    spin_unlock(lock);
    irq_restore(flags);
}
