/*
 * The harts: a table indexed by a dense number, and what belongs to each alone.
 *
 * The kernel is never preempted: a task gives up its hart only where it sleeps or yields and on
 * its way back to user mode, so what this_hart() returns stays true until then.
 */
#pragma once

#include "arch/thread.h"
#include "lib/types.h"

#define MAX_HARTS 64 /* a hart mask is one word */

struct hart {
    unsigned index;        /* (i) dense number */
    uint64_t hartid;       /* (i) the machine's number */
    uint64_t emergency_sp; /* (i) top of the stack used when a kernel stack overflows */
    struct thread *idle;   /* (i) */
    _Atomic bool online;   /* (a) runs tasks */
    bool in_interrupt;     /* (t) an interrupt handler is running */
    uint64_t interrupts;   /* (t) interrupts taken since boot */
};

extern struct hart harts[MAX_HARTS];
extern unsigned hart_count; /* (i) harts that the machine has; harts[0] booted */

static inline struct hart *this_hart(void)
{
    return thread_current()->hart;
}

static inline unsigned hart_index(void)
{
    return this_hart()->index;
}

/* The harts that run tasks, a bit for each index. */
uint64_t hart_online_mask(void);
