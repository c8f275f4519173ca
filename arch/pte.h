/*
 * The format of Sv39 page-table entries, pure bit arithmetic: the same in the kernel and in host
 * tests.
 *
 *   63..54      53..10    9..8  7 6 5 4 3 2 1 0
 *   reserved 0  PPN       RSW   D A G U X W R V
 *
 * Source: RISC-V Privileged Architecture 1.12, 4.3.1 and 4.4.
 */
#pragma once

#include "lib/types.h"

typedef uint64_t pte_t;

#define PTE_V BIT(0)
#define PTE_R BIT(1)
#define PTE_W BIT(2)
#define PTE_X BIT(3)
#define PTE_U BIT(4)
#define PTE_G BIT(5)
#define PTE_A BIT(6)
#define PTE_D BIT(7)

#define PTE_PPN_SHIFT  10
#define PTE_PPN_MASK   0x003ffffffffffc00UL
#define PTE_FLAGS_MASK 0x3ffUL

#define PT_LEVELS     3
#define PT_ENTRIES    512
#define PT_INDEX_BITS 9

/* The bytes that one entry of a table at this level maps; level 0 is the last. */
static inline uint64_t pt_level_size(int level)
{
    return PAGE_SIZE << (level * PT_INDEX_BITS);
}

static inline size_t pt_index(vaddr_t va, int level)
{
    return (va >> (PAGE_SHIFT + level * PT_INDEX_BITS)) & (PT_ENTRIES - 1);
}

static inline pte_t pte_make(paddr_t pa, uint64_t flags)
{
    return (pa >> PAGE_SHIFT << PTE_PPN_SHIFT) | flags;
}

static inline paddr_t pte_phys(pte_t pte)
{
    return (pte & PTE_PPN_MASK) >> PTE_PPN_SHIFT << PAGE_SHIFT;
}

static inline bool pte_valid(pte_t pte)
{
    return pte & PTE_V;
}

/* A valid entry that maps memory, rather than pointing to the next table. */
static inline bool pte_leaf(pte_t pte)
{
    return (pte & PTE_V) && (pte & (PTE_R | PTE_W | PTE_X));
}
