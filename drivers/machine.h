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

/* Nanoseconds since 1970 at power-on, by the machine's clock; 0 without one. */
uint64_t machine_boot_time_ns(void);

/* Fills buf with what entropy the machine gives (a virtio-rng, the tree's rng-seed, time). */
void machine_entropy(void *buf, size_t n);

/* Restarts the machine by its own device; returns where there is none. */
void machine_restart(void);
