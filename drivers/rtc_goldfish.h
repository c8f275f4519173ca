/*
 * The Goldfish clock of Android's emulator, which QEMU's virt machine has.
 */
#pragma once

#include "lib/fdt.h"

/* Reads the clock. 0 or a negative errno. */
int rtc_goldfish_probe(const struct fdt *fdt, int node);
