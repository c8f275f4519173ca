/*
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0).
 */
#pragma once

#include "lib/fdt.h"

/* Makes the PLIC of this node the machine's interrupt controller. 0 or a negative errno. */
int plic_probe(const struct fdt *fdt, int node);
