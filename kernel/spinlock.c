#include "kernel/spinlock.h"

#include "kernel/hart.h"
#include "kernel/lock_order.h"
#include "lib/assert.h"

void spin_init(struct spinlock *lock, const char *name)
{
    lock->locked = 0;
    lock->holder = NULL;
    lock->name = name;
}

bool spin_trylock(struct spinlock *lock)
{
    if (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE))
        return false;
    __atomic_store_n(&lock->holder, this_hart(), __ATOMIC_RELAXED);
    lock_order_spin_taken(lock, lock->name);
    return true;
}

void spin_lock(struct spinlock *lock)
{
    assert(!spin_held(lock));
    lock_order_spin_check(lock->name);
    while (!spin_trylock(lock))
        while (__atomic_load_n(&lock->locked, __ATOMIC_RELAXED))
            cpu_relax();
}

void spin_unlock(struct spinlock *lock)
{
    assert(spin_held(lock));
    lock_order_spin_released(lock);
    __atomic_store_n(&lock->holder, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE);
}

bool spin_held(struct spinlock *lock)
{
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == this_hart();
}
