/*
 * Which memory there is, and which of it is taken: read once from the device tree, before any
 * allocator runs. Pure arithmetic on ranges; nothing allocates or locks, for one hart runs.
 *
 *   bank      memory that exists: the memory nodes of the tree, joined where they meet or overlap,
 *             rounded inwards to whole pages. Page 0 and what lies at LINEAR_LIMIT or above, where
 *             the linear map ends, is left out.
 *   reserved  what of it is taken: the tree's reservation block, the children of /reserved-memory
 *             with a reg, the initrd, and what is added by memory_map_reserve() and
 *             memory_map_take(). Rounded outwards, so a page reserved in part is reserved.
 *   no_map    the part of reserved that must not even be mapped: the firmware's own.
 *
 * Every value of the tree is hostile: a range that runs past the end of the address space ends
 * there, an empty one is nothing. A child of /reserved-memory without reg asks the system to find a
 * place for a driver that we do not have, and is passed over.
 *
 * Source: Devicetree Specification 0.4, 3.4 (memory), 3.5 (reserved-memory), 5.3.
 */
#pragma once

#include "lib/fdt.h"
#include "lib/types.h"

#define MEMORY_BANKS_MAX    16
#define MEMORY_RESERVED_MAX 64
#define MEMORY_NO_MAP_MAX   32

struct memory_range {
    paddr_t start, end; /* [start, end) in bytes */
};

/* All three lists: sorted, apart (no two touch), not empty, whole pages. */
struct memory_map {
    size_t bank_count, reserved_count, no_map_count;
    struct memory_range bank[MEMORY_BANKS_MAX];
    struct memory_range reserved[MEMORY_RESERVED_MAX];
    struct memory_range no_map[MEMORY_NO_MAP_MAX];
};

/*
 * Reads the tree, the initrd's place in /chosen included. The image and the tree itself the caller
 * takes out with memory_map_reserve(): only it knows where they lie. Returns 0; -EINVAL for a tree
 * with no usable memory or with a reservation that cannot be read; -E2BIG for too many ranges.
 */
int memory_map_init(struct memory_map *map, const struct fdt *fdt);

/* Takes [start, end) out as well; an empty range is nothing. 0 or -E2BIG. */
int memory_map_reserve(struct memory_map *map, paddr_t start, paddr_t end);

/* Cuts off the highest memory so that banks of at most `bytes` remain (mem= on the command line).
 */
void memory_map_limit(struct memory_map *map, uint64_t bytes);

/*
 * Finds `size` bytes (whole pages), aligned to `align` (a power of two, at least a page), and
 * reserves them: for the page tables and the page array, before the buddy allocator runs. The
 * lowest place that fits; its contents are not cleared. Returns 0 when there is none.
 */
paddr_t memory_map_take(struct memory_map *map, uint64_t size, uint64_t align);

/* The next free range at or above *pos: fills range, moves *pos past it; false at the end. */
bool memory_map_next_free(const struct memory_map *map, paddr_t *pos, struct memory_range *range);

/* The same for memory that may be mapped: free, or reserved without no_map. */
bool memory_map_next_mappable(const struct memory_map *map, paddr_t *pos,
                              struct memory_range *range);

/* Asserts every invariant of the map. */
void memory_map_check(const struct memory_map *map);
