/*
 * The kernel's own page tables: the linear map of all RAM, the image with W^X, device registers on
 * request, kernel stacks with guard pages. The upper half of every process's root table is a copy
 * of kernel_root's, whose entries never change after kmap_init(): they point to second-level
 * tables that all share.
 *
 * The areas are laid out in arch/riscv/address.h.
 */
#pragma once

#include "arch/pte.h"
#include "mm/alloc/memory_map.h"

/*
 * A kernel stack lies in the upper half of a slot of twice its size; the lower half is its guard.
 * So bit 14 of every address in a stack is set, and of every address in a guard is clear: trap
 * entry tells an overflow by one bit, without memory.
 */
#define KSTACK_SIZE      (16 * KIB)
#define KSTACK_SLOT_SIZE (2 * KSTACK_SIZE)
#define KSTACK_BIT       KSTACK_SIZE

extern pte_t *kernel_root; /* (i) */

/* The first hart's stack, in the image: a slot like any other; kmap_init() unmaps its guard. */
extern char boot_stack_slot[KSTACK_SLOT_SIZE];

/*
 * Builds the final tables with frames taken from the map, and switches this hart to them. Until
 * then all banks are mapped in the linear map by the boot code's tables, and the image is reserved
 * in the map. 0 or -ENOMEM.
 */
int kmap_init(struct memory_map *map);

/*
 * Maps device registers [pa, pa + size) read-write; any alignment. They stay mapped for ever;
 * what is mapped already is not mapped twice. After buddy_init(). NULL when space or memory runs
 * out, or for a range that is empty or beyond physical memory's last address.
 */
void *ioremap(paddr_t pa, size_t size);

/*
 * A kernel stack of KSTACK_SIZE bytes with an unmapped guard below: the address of its top, or 0.
 * Freed stacks are kept for reuse until kstack_drain(). May sleep.
 */
vaddr_t kstack_alloc(void);

/* Takes back a stack that nobody runs on any more. Any context that may take locks. */
void kstack_free(vaddr_t top);

/*
 * Gives the memory of unused stacks back; returns the pages freed. Registered as a shrinker. Page
 * tables of the stack area stay.
 */
size_t kstack_drain(void);

/* Whether va lies in the guard below a kernel stack: a stack has overflowed. */
bool kstack_is_guard(vaddr_t va);

/* Asserts of every entry that it is global, not the user's, and not both writable and executable.
 */
void kmap_check(void);
