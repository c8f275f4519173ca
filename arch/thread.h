/* The machine's thread interface: RISC-V's own, or its double in host tests. */
#pragma once

#if defined(FATHOM_HOST)
#include "arch/host/thread.h"
#else
#include "arch/riscv/thread.h"
#endif
