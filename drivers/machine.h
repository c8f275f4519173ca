/*
 * Finding the machine's devices: walks the tree once and gives each node to the drivers that know
 * its compatible strings. Later floors see only block.h, char_device.h, rtc.h and entropy.h.
 */
#pragma once

#include "lib/fdt.h"

/*
 * Interrupt controller, power-off device and console first. kmalloc(), ioremap() and the table of
 * harts work; the scheduler need not. Interrupts come once the hart calls irq_init_hart().
 */
void machine_init_early(const struct fdt *fdt);

/* All other devices; the scheduler runs and interrupts are on. The caller may sleep. */
void machine_init(const struct fdt *fdt);
