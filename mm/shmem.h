/*
 * Shared anonymous memory: a page cache with no file behind it, owned by the VMAs that map it.
 */
#pragma once

#include "mm/page_source.h"

/* A source of `size` bytes of zeroes with one reference, or NULL. */
struct page_source *shmem_create(uint64_t size);
