/* Interrupts in host tests: there are none. */
#pragma once

#include "lib/types.h"

static inline uint64_t irq_save(void)
{
    return 0;
}

static inline void irq_restore(uint64_t flags)
{
    (void)flags;
}

static inline bool irq_enabled(void)
{
    return false;
}

static inline void cpu_relax(void)
{
}

static inline void io_barrier(void)
{
}
