/*
 * A class is a number below CLASSES, found by its name: first in a table by the name's address,
 * then by its letters. after[a] has a bit for each class that was taken while a was held.
 *
 *     held: inode, page_cache        taken: zone        edges: inode -> zone, page_cache -> zone
 *
 * An edge a -> b that is new is looked at once, under graph_lock: if a can be reached from b, it
 * closes a circle. Known edges cost a load. What a hart holds is touched with interrupts off,
 * since handlers push and pop too.
 *
 * This file takes no spinlock of kernel/spinlock.h, which calls it; the findings go to a hook,
 * since panic() prints under locks.
 */
#include "kernel/lock_order.h"

#if defined(FATHOM_DEBUG)

#include "arch/irq.h"
#include "kernel/hart.h"
#include "kernel/symbols.h"
#include "lib/bits.h"
#include "lib/string.h"

#define CLASSES      64 /* a set of classes is one word; class 0 has no name and no order */
#define NAME_SLOTS   256
#define CLASS_BITS   8
#define POINTER_MASK ((1UL << (64 - CLASS_BITS)) - 1)

static __noreturn void (*report_hook)(const char *fmt, ...); /* (i) */

static uint32_t graph_lock; /* (a) guards what changes in class_name, after, seen_at */
static const char *class_name[CLASSES];
static unsigned class_count = 1;
static uint64_t after[CLASSES];            /* (a) to read */
static uint32_t seen_at[CLASSES][CLASSES]; /* the low half of the pc that made the edge */
static uint64_t taken_in_interrupt;        /* (a) classes */
static uint64_t taken_interruptible;       /* (a) classes */
static uint64_t name_slot[NAME_SLOTS];     /* (a) a name's address and its class */
static struct held_locks hart_held[MAX_HARTS];

static uint64_t graph_enter(void)
{
    uint64_t flags = irq_save();

    while (__atomic_exchange_n(&graph_lock, 1, __ATOMIC_ACQUIRE))
        cpu_relax();
    return flags;
}

static void graph_leave(uint64_t flags)
{
    __atomic_store_n(&graph_lock, 0, __ATOMIC_RELEASE);
    irq_restore(flags);
}

/* The class of this name, made if it is new; 0 when there are too many. graph_lock is held. */
static unsigned class_find(const char *name)
{
    for (unsigned i = 1; i < class_count; i++)
        if (strcmp(class_name[i], name) == 0)
            return i;
    if (class_count == CLASSES)
        return 0;
    class_name[class_count] = name;
    return class_count++;
}

static unsigned class_of(const char *name)
{
    uint64_t key = ((uint64_t)name & POINTER_MASK) << CLASS_BITS, flags;
    uint64_t *slot = &name_slot[(uint64_t)name / 8 % NAME_SLOTS];
    uint64_t value = __atomic_load_n(slot, __ATOMIC_RELAXED);
    unsigned class;

    if (!name)
        return 0;
    if (value >> CLASS_BITS == key >> CLASS_BITS)
        return (unsigned)(value & ((1u << CLASS_BITS) - 1));
    flags = graph_enter();
    class = class_find(name);
    graph_leave(flags);
    __atomic_store_n(slot, key | class, __ATOMIC_RELAXED);
    return class;
}

/* Whether `to` has been taken while `from` was held, or by a chain of such. */
static bool reaches(unsigned from, unsigned to)
{
    uint64_t seen = BIT(from), todo = BIT(from);

    while (todo) {
        unsigned class = ctz64(todo);
        uint64_t next = after[class] & ~seen;

        todo &= ~BIT(class);
        seen |= next;
        todo |= next;
    }
    return seen & BIT(to);
}

static __noreturn void report_circle(unsigned held, unsigned class)
{
    uint64_t offset = 0, pc = (uint64_t)(int64_t)(int32_t)seen_at[class][held];
    const char *name = pc ? symbol_find(pc, &offset) : NULL;

    report_hook("lock order: \"%s\" is taken while \"%s\" is held; the other order was seen %s%s",
                class_name[class], class_name[held], name ? "in " : "before, by way of others",
                name ? name : "");
}

static void edge_add(unsigned held, unsigned class, vaddr_t pc)
{
    uint64_t flags;
    bool circle;

    if (held == class || !held || !class ||
        __atomic_load_n(&after[held], __ATOMIC_RELAXED) & BIT(class))
        return;
    flags = graph_enter();
    circle = reaches(class, held);
    if (!circle) {
        seen_at[held][class] = (uint32_t)pc;
        __atomic_fetch_or(&after[held], BIT(class), __ATOMIC_RELAXED);
    }
    graph_leave(flags);
    if (circle)
        report_circle(held, class);
}

static void edges_from(const struct held_locks *held, unsigned class, vaddr_t pc)
{
    for (unsigned i = 0; i < held->count; i++)
        edge_add(held->lock[i].class, class, pc);
}

/* Who called spin_lock() or its like: the frame of a check's caller holds it (at fp - 8). */
static vaddr_t taker(const uint64_t *fp)
{
    fp = (const uint64_t *)fp[-2];
    return fp[-1];
}

static void check_interrupts(unsigned class)
{
    uint64_t *seen = NULL;

    if (this_hart()->in_interrupt)
        seen = &taken_in_interrupt;
    else if (irq_enabled())
        seen = &taken_interruptible;
    if (!seen || !class || __atomic_load_n(seen, __ATOMIC_RELAXED) & BIT(class))
        return;
    __atomic_fetch_or(seen, BIT(class), __ATOMIC_RELAXED);
    if (taken_in_interrupt & taken_interruptible & BIT(class))
        report_hook("lock order: \"%s\" is taken by an interrupt handler, and with interrupts on",
                    class_name[class]);
}

void lock_order_spin_check(const char *name)
{
    vaddr_t pc = taker(__builtin_frame_address(0));
    uint64_t flags;
    unsigned class;

    if (!report_hook)
        return;
    class = class_of(name);
    check_interrupts(class);
    flags = irq_save();
    edges_from(&hart_held[hart_index()], class, pc);
    edges_from(&thread_current()->held_locks, class, pc);
    irq_restore(flags);
}

void lock_order_sleep_check(const char *name)
{
    vaddr_t pc = taker(__builtin_frame_address(0));

    lock_order_may_sleep();
    if (report_hook)
        edges_from(&thread_current()->held_locks, class_of(name), pc);
}

static void held_push(struct held_locks *held, const void *lock, const char *name)
{
    if (held->count == HELD_LOCKS_MAX)
        report_hook("lock order: more than %u locks are held", HELD_LOCKS_MAX);
    held->lock[held->count++] = (struct held_lock){.lock = lock, .class = class_of(name)};
}

static void held_remove(struct held_locks *held, const void *lock)
{
    unsigned i = held->count;

    while (i > 0 && held->lock[i - 1].lock != lock)
        i--;
    if (i == 0)
        report_hook("lock order: a lock at %p is released that was not taken here", lock);
    memmove(&held->lock[i - 1], &held->lock[i], (held->count - i) * sizeof(held->lock[0]));
    held->count--;
}

void lock_order_spin_taken(const void *lock, const char *name)
{
    uint64_t flags = irq_save();

    if (report_hook)
        held_push(&hart_held[hart_index()], lock, name);
    irq_restore(flags);
}

void lock_order_spin_released(const void *lock)
{
    uint64_t flags = irq_save();

    if (report_hook)
        held_remove(&hart_held[hart_index()], lock);
    irq_restore(flags);
}

void lock_order_sleep_taken(const void *lock, const char *name)
{
    if (report_hook)
        held_push(&thread_current()->held_locks, lock, name);
}

void lock_order_sleep_released(const void *lock)
{
    if (report_hook)
        held_remove(&thread_current()->held_locks, lock);
}

void lock_order_may_sleep(void)
{
    const struct held_locks *held = &hart_held[hart_index()];

    if (report_hook && held->count > 0)
        report_hook("sleep under a spin lock: \"%s\" is held",
                    class_name[held->lock[held->count - 1].class]);
}

void lock_order_set_report(__noreturn void (*report)(const char *fmt, ...))
{
    report_hook = report;
}

#endif
