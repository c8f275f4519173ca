/*
 * All harts: finding them in the tree, starting them by the firmware's HSM extension, and telling
 * one that it has work.
 */
#pragma once

#include "lib/fdt.h"

/*
 * Fills the table of harts: harts[0] is the one that runs (machine hart `hartid`), then the tree's
 * other usable ones in its order. Sets the timer's frequency too. Panics if the tree has no
 * timebase.
 */
void smp_init_harts(const struct fdt *fdt, uint64_t hartid);

/* Starts all other harts and waits until they run tasks; one that does not start is named. */
void smp_start_others(void);

/* What each hart does for itself before it runs tasks. */
void smp_init_this_hart(void);

/* An inter-processor interrupt has come to this hart. */
void smp_ipi(void);

/* Hands the ways to interrupt other harts down to the scheduler and to panic. */
void smp_init_hooks(void);
