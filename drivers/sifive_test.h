/*
 * SiFive's test finisher: one register that ends the (virtual) machine, and the only way to give
 * QEMU an exit status.
 */
#pragma once

#include "lib/fdt.h"

/* Makes it the way to power off. 0 or a negative errno. */
int sifive_test_probe(const struct fdt *fdt, int node);
