/*
 * Kernel timers: a callback at a point in time, in the timer interrupt of the hart that armed it.
 * A red-black tree on each hart, so the next one costs nothing to find; a hart with none armed
 * takes no timer interrupt.
 */
#pragma once

#include "lib/rbtree.h"
#include "lib/types.h"

struct timer {
    struct rb_node node;
    uint64_t deadline_ns; /* time_ns() */
    void (*fire)(struct timer *timer);
    _Atomic int hart; /* index of the hart whose tree it is in; -1: not armed */
};

void timer_init(struct timer *timer, void (*fire)(struct timer *));

/* Arms (again) for this deadline, on this hart. */
void timer_arm(struct timer *timer, uint64_t deadline_ns);

/* Disarms; returns when the callback is not running anywhere. True if it was armed. */
bool timer_cancel(struct timer *timer);

/* The timer interrupt: fires what is due, sets the hart's next alarm. */
void timer_interrupt(void);

/* Sets this hart's alarm to the next timer or to slice_end_ns, whichever is earlier. */
void timer_set_slice(uint64_t slice_end_ns);
