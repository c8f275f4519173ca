/*
 * The machine's virtio devices: all are found first, then each gets its driver, in a fixed order.
 */
#pragma once

#include "lib/fdt.h"

/* Notes the device of this node. 0, also when none sits there, or a negative errno. */
int virtio_bus_add(const struct fdt *fdt, int node);

/* Starts the drivers of all devices that were added; sleeps. */
void virtio_bus_start(void);
