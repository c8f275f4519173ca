/*
 * Slab caches: objects of one size, many to a block of pages, with an optional constructor that
 * runs once when a slab is made, not on each allocation (so a freed object must be in its
 * constructed state again).
 *
 * All calls may be made in any context that may take locks, interrupt handlers included, if
 * allocations then say ALLOC_ATOMIC.
 */
#pragma once

#include "mm/alloc/buddy.h"

/* Larger objects are for kmalloc() or the buddy allocator. */
#define SLAB_OBJECT_MAX (10 * KIB)

struct slab_cache;

/*
 * Makes a cache for objects of `size` bytes, 1 … SLAB_OBJECT_MAX, aligned to `align` (a power of
 * two, at most a page; 0: 8). name must stay. ctor (NULL: none) makes an object's first state; a
 * cache with one needs 8 bytes more for each object. NULL when memory is short. Caches are for
 * ever.
 */
struct slab_cache *slab_cache_create(const char *name, size_t size, size_t align,
                                     void (*ctor)(void *));

/* One object, or NULL. flags: enum alloc_flag (ALLOC_ZERO only for caches with no constructor). */
void *slab_alloc(struct slab_cache *cache, unsigned flags);

/* Takes back an object of this cache. */
void slab_free(struct slab_cache *cache, void *obj);

/* The cache that owns an object's slab, or NULL if the address is in no slab. */
struct slab_cache *slab_cache_of(const void *obj);

/* Bytes of an object of this cache, as its creator asked for them. */
size_t slab_object_size(const struct slab_cache *cache);

/* Gives empty slabs of all caches back; returns pages freed. Registered as a shrinker by slab_init.
 */
size_t slab_drain(void);

/* After buddy_init(), before any cache is made. */
void slab_init(void);

struct slab_info {
    const char *name;
    uint64_t objects_used, objects_total;
    uint32_t object_size, objects_per_slab, pages_per_slab;
    uint64_t slabs_total, slabs_used;
};

/* Fills info for the cache of this index; false past the last: for /proc/slabinfo. */
bool slab_cache_info(unsigned index, struct slab_info *info);

/* Asserts every invariant of the cache. */
void slab_check(struct slab_cache *cache);
