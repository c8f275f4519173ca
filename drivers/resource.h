/*
 * A device's registers, as its node in the tree gives them.
 */
#pragma once

#include "lib/fdt.h"
#include "lib/types.h"

/*
 * Maps the first entry of the node's reg, or its first map_size bytes when that is not 0; the entry
 * must hold at least min_size bytes. *phys (unless NULL) is its physical address. Returns NULL,
 * with a line that says why, when the tree is wrong or the kernel has no room.
 */
void *resource_map(const struct fdt *fdt, int node, size_t min_size, size_t map_size,
                   paddr_t *phys);
