/*
 * Allocators for tests that hunt for reads and writes outside of what was allocated: kmalloc and
 * slab objects come from malloc, and only every second frame of the arena is ever handed out, the
 * frames between and the free ones being poisoned, so that the address sanitizer sees each step
 * over a page's edge and each use of a freed page.
 *
 * The doubles are weak: a test that names those of mm/alloc in its `uses:` lines gets the real
 * ones.
 */
#pragma once

#include "mm/alloc/kmalloc.h"
#include "mm/alloc/slab.h"
#include "tests/host/support/host.h"

/* A fresh arena with this many pages to give, no shrinkers, no injected failure. Once a test. */
void alloc_host_init(size_t pages);

/* Pages and objects that are out; an object's cache itself does not count. */
size_t alloc_host_pages(void);
size_t alloc_host_objects(void);

/* How often alloc_should_fail() was asked since alloc_fail_nth(). */
extern uint64_t alloc_host_asked;
