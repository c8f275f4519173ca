/* The machine's tlb interface: RISC-V's own, or its double in host tests. */
#pragma once

#if defined(FATHOM_HOST)
#include "arch/host/tlb.h"
#else
#include "arch/riscv/tlb.h"
#endif
