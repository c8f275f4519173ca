/* The machine's time interface: RISC-V's own, or its double in host tests. */
#pragma once

#if defined(FATHOM_HOST)
#include "arch/host/time.h"
#else
#include "arch/riscv/time.h"
#endif
