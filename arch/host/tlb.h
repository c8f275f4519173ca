/* Translation caches in host tests: there are none. */
#pragma once

#include "lib/types.h"

static inline void tlb_flush_range(uint64_t harts, vaddr_t start, vaddr_t end)
{
    (void)harts;
    (void)start;
    (void)end;
}

static inline void tlb_flush_local(void)
{
}

static inline void icache_flush(uint64_t harts)
{
    (void)harts;
}

static inline void satp_switch(paddr_t root)
{
    (void)root;
}
