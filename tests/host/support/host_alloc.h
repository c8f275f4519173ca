/*
 * Memory allocators on the host's arena, for tests of all that allocates. What is not called is not
 * linked; a test names the sources of what it calls:
 *
 *   host_buddy_init  mm/alloc/memory_map.c mm/alloc/page.c mm/alloc/buddy.c mm/alloc/shrinker.c
 *                    lib/page_ops.c lib/fdt.c lib/fdt_blob.c
 *   host_alloc_init  those, and mm/alloc/slab.c mm/alloc/kmalloc.c lib/fmt.c
 */
#pragma once

#include "arch/address.h"
#include "lib/assert.h"
#include "mm/alloc/buddy.h"
#include "mm/alloc/kmalloc.h"
#include "mm/alloc/slab.h"
#include "tests/host/support/host.h"

/* A fresh arena of this many bytes, all of it in the buddy allocator but for its page array. */
static inline void host_buddy_init(size_t bytes)
{
    struct memory_map map = {
        .bank_count = 1,
        .bank[0] = {HOST_PHYS_BASE, HOST_PHYS_BASE + bytes},
    };
    int error;

    host_memory_init(bytes);
    alloc_fail_nth(0);
    error = buddy_init(&map);
    assert(error == 0);
}

/* The same, with slab caches and kmalloc. */
static inline void host_alloc_init(size_t bytes)
{
    host_buddy_init(bytes);
    slab_init();
    kmalloc_init();
}
