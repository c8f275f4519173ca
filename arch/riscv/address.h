/*
 * The virtual address space (Sv39) and the way between physical and kernel virtual addresses.
 *
 *   0x0000_0000_0000_1000  user, to USER_TOP; page 0 never maps
 *   0xffff_ffc0_0000_0000  linear map: all RAM, physical address p at LINEAR_BASE + p, RW
 *   0xffff_ffff_0000_0000  kernel stacks, each with an unmapped guard below
 *   0xffff_ffff_4000_0000  device registers, mapped on request
 *   0xffff_ffff_8000_0000  the kernel image, W^X
 *
 * The frames of the image are left out of the linear map, so every frame is mapped once.
 * Source: Privileged spec 1.12, 4.4 (Sv39: bits 63..39 equal bit 38).
 */
#pragma once

#include "lib/types.h"

#define USER_BASE 0x1000UL
#define USER_TOP  0x4000000000UL

#define LINEAR_BASE  0xffffffc000000000UL
#define LINEAR_LIMIT 0x3f00000000UL /* physical addresses from here on are not used */
#define KSTACK_BASE  0xffffffff00000000UL
#define IOMAP_BASE   0xffffffff40000000UL
#define IMAGE_BASE   0xffffffff80000000UL

/* Where the image lies in memory; set once by the first code that runs. */
extern paddr_t image_phys;

static inline void *phys_to_virt(paddr_t pa)
{
    return (void *)(pa + LINEAR_BASE);
}

/* va: in the linear map or the image. */
static inline paddr_t virt_to_phys(const void *va)
{
    vaddr_t a = (vaddr_t)va;

    return a >= IMAGE_BASE ? a - IMAGE_BASE + image_phys : a - LINEAR_BASE;
}
