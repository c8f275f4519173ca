/*
 * Device registers: loads and stores of one width, each ordered against all memory accesses before
 * and after it, so that a driver may fill a buffer, write a doorbell, read a status and look at
 * the buffer in the order in which it is written.
 */
#pragma once

#include "arch/irq.h"
#include "lib/types.h"

static inline uint8_t mmio_read8(const void *regs, size_t offset)
{
    uint8_t v = *(const volatile uint8_t *)((const char *)regs + offset);

    io_barrier();
    return v;
}

static inline uint16_t mmio_read16(const void *regs, size_t offset)
{
    uint16_t v = *(const volatile uint16_t *)((const char *)regs + offset);

    io_barrier();
    return v;
}

static inline uint32_t mmio_read32(const void *regs, size_t offset)
{
    uint32_t v = *(const volatile uint32_t *)((const char *)regs + offset);

    io_barrier();
    return v;
}

static inline void mmio_write8(void *regs, size_t offset, uint8_t v)
{
    io_barrier();
    *(volatile uint8_t *)((char *)regs + offset) = v;
}

static inline void mmio_write16(void *regs, size_t offset, uint16_t v)
{
    io_barrier();
    *(volatile uint16_t *)((char *)regs + offset) = v;
}

static inline void mmio_write32(void *regs, size_t offset, uint32_t v)
{
    io_barrier();
    *(volatile uint32_t *)((char *)regs + offset) = v;
}
