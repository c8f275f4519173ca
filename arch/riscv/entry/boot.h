/* What head.S and the C code of this floor share. */
#pragma once

#define SECONDARY_SATP 0
#define SECONDARY_SP   8
#define SECONDARY_TP   16

#ifndef __ASSEMBLER__
#include "lib/types.h"

/* What a secondary hart needs before it can use the kernel's page table. */
struct secondary_boot {
    uint64_t satp;
    uint64_t sp;
    uint64_t tp;
};

/* In head.S. */
extern uint64_t boot_root[512];
extern char secondary_start[];

/* Called by head.S, on the boot stack, with paging on and interrupts off. */
void boot_main(uint64_t hartid, paddr_t fdt);

/* Called by head.S on each further hart, on its idle task's stack. */
void secondary_main(void);
#endif
