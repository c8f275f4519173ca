/*
 * Addresses in host tests: "physical" memory is one arena that the test allocates; physical
 * address p lies at host_memory + (p - HOST_PHYS_BASE).
 */
#pragma once

#include "lib/types.h"

#define USER_BASE      0x1000UL
#define USER_TOP       0x4000000000UL
#define LINEAR_LIMIT   0x3f00000000UL /* as on the machine */
#define HOST_PHYS_BASE 0x80000000UL

extern char *host_memory;

static inline void *phys_to_virt(paddr_t pa)
{
    return host_memory + (pa - HOST_PHYS_BASE);
}

static inline paddr_t virt_to_phys(const void *va)
{
    return (paddr_t)((const char *)va - host_memory) + HOST_PHYS_BASE;
}
