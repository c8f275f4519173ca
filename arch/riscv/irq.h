/*
 * This hart's interrupt enable, and the small instructions that wait and order.
 */
#pragma once

#include "arch/riscv/csr.h"
#include "lib/types.h"

/* Turns interrupts off; returns what irq_restore() wants back. */
static inline uint64_t irq_save(void)
{
    return csr_read_clear(sstatus, SSTATUS_SIE) & SSTATUS_SIE;
}

static inline void irq_restore(uint64_t flags)
{
    if (flags)
        csr_set(sstatus, SSTATUS_SIE);
}

static inline void irq_enable(void)
{
    csr_set(sstatus, SSTATUS_SIE);
}

static inline void irq_disable(void)
{
    csr_clear(sstatus, SSTATUS_SIE);
}

static inline bool irq_enabled(void)
{
    return csr_read(sstatus) & SSTATUS_SIE;
}

/* Waits for an interrupt that sie allows, pending or to come; sstatus.SIE may be clear. */
static inline void cpu_wait(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

static inline void cpu_relax(void)
{
    __asm__ volatile("nop" ::: "memory");
}

/* Orders all memory and device accesses before it against all after it. */
static inline void io_barrier(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}
