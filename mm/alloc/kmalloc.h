/*
 * kmalloc: memory of any size from 1 byte to 4 MiB, aligned to 16 bytes (whole pages: to a page).
 * Rounding wastes at most 25 % above 64 bytes. kmfree() finds the true size by itself.
 */
#pragma once

#include "mm/alloc/buddy.h"

#define KMALLOC_MAX (4 * MIB)

/* size bytes, or NULL (size 0 and sizes above KMALLOC_MAX too). flags: enum alloc_flag. */
void *kmalloc(size_t size, unsigned flags);

/* Frees what kmalloc() gave; NULL is allowed. */
void kmfree(void *ptr);

/* The bytes that may be used at ptr: at least what was asked for. */
size_t kmalloc_size(const void *ptr);

/* After slab_init(); panics when there is no memory for the caches. */
void kmalloc_init(void);
