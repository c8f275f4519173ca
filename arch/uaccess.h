/* The machine's uaccess interface: RISC-V's own, or its double in host tests. */
#pragma once

#if defined(FATHOM_HOST)
#include "arch/host/uaccess.h"
#else
#include "arch/riscv/uaccess.h"
#endif
