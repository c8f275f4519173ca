/* The machine's irq interface: RISC-V's own, or its double in host tests. */
#pragma once

#if defined(FATHOM_HOST)
#include "arch/host/irq.h"
#else
#include "arch/riscv/irq.h"
#endif
