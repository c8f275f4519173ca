/* The machine's address interface: RISC-V's own, or its double in host tests. */
#pragma once

#if defined(FATHOM_HOST)
#include "arch/host/address.h"
#else
#include "arch/riscv/address.h"
#endif
