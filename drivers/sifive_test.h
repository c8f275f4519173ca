/*
 * SiFive's test finisher: one register that ends or restarts the (virtual) machine, and the only
 * way to give QEMU an exit status.
 */
#pragma once

#include "lib/fdt.h"

/* Makes it the way to power off. 0 or a negative errno. */
int sifive_test_probe(const struct fdt *fdt, int node);

/* Restarts the machine; returns where there is no such device. */
void sifive_test_restart(void);
