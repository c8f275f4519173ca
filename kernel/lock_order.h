/*
 * The lock-order checker of the debug kernel. Locks of one name are one class. Whenever a lock is
 * taken while others are held, the pairs of classes become edges of a graph; an edge that closes a
 * circle is a panic, though no deadlock has happened yet. So one run of each path is enough.
 *
 * Spin locks are held by a hart, sleeping locks by a thread. Beside the order it knows two rules:
 * nobody sleeps while the hart holds a spin lock, and a spin lock that an interrupt handler takes
 * is never taken with interrupts on.
 *
 * Order within one class is not judged (a directory's lock before that of what is in it), nor are
 * locks that were only tried. In other kernels all of this is nothing.
 */
#pragma once

#include "lib/types.h"

#if defined(FATHOM_DEBUG)

/* What is called with the finding: panic(). Until it is set, nothing is checked. */
void lock_order_set_report(__noreturn void (*report)(const char *fmt, ...) __printf_like(1, 2));

/* Before the lock is waited for: judges and learns the order. */
void lock_order_spin_check(const char *name);
void lock_order_sleep_check(const char *name);

/* It is held now; it is held no more. */
void lock_order_spin_taken(const void *lock, const char *name);
void lock_order_spin_released(const void *lock);
void lock_order_sleep_taken(const void *lock, const char *name);
void lock_order_sleep_released(const void *lock);

/* The caller may sleep here: a panic if this hart holds a spin lock. */
void lock_order_may_sleep(void);

#else

static inline void lock_order_spin_check(const char *name)
{
    (void)name;
}

static inline void lock_order_sleep_check(const char *name)
{
    (void)name;
}

static inline void lock_order_spin_taken(const void *lock, const char *name)
{
    (void)lock;
    (void)name;
}

static inline void lock_order_spin_released(const void *lock)
{
    (void)lock;
}

static inline void lock_order_sleep_taken(const void *lock, const char *name)
{
    (void)lock;
    (void)name;
}

static inline void lock_order_sleep_released(const void *lock)
{
    (void)lock;
}

static inline void lock_order_may_sleep(void)
{
}

#endif
