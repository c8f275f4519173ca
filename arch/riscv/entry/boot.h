/* What the boot code in assembly (head.S, paging.S) and in C share. */
#pragma once

#define SECONDARY_SATP  0
#define SECONDARY_SP    8
#define SECONDARY_TP    16
#define SECONDARY_ENTRY 24
#define SECONDARY_KEY   32
#define SECONDARY_SIZE  40
#define SECONDARY_COUNT 64

#ifndef __ASSEMBLER__
#include "kernel/hart.h"
#include "lib/types.h"
#include "sched/task.h"

/* What a secondary hart needs before it can use the kernel's page table. */
struct secondary_boot {
    uint64_t satp;
    uint64_t sp;
    uint64_t tp;
    void (*entry)(void); /* called on that stack, paging on, interrupts off; does not return */
    uint64_t key;        /* the machine hart's number + 1 once all of this is true; 0 until then */
};

extern struct secondary_boot secondary_boot[MAX_HARTS];

/* The tables that the boot code turns paging on with; see head.S. */
extern uint64_t boot_root[512], boot_image[512];

/* What the first hart runs until there are tasks: then its idle task. */
extern struct task boot_idle;

/* In paging.S. */
extern char secondary_start[];

/* Called by head.S, on the boot stack, with paging on and interrupts off. */
void boot_main(uint64_t hartid, paddr_t fdt);
#endif
