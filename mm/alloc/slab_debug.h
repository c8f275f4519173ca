/*
 * What the debug kernel keeps behind each slab object, and checks:
 *
 *   | object | red zone | state, size, who allocated, who freed | free pointer |
 *
 * An object is filled when it is allocated and, if its cache has no constructor, when it is freed.
 * A write past its end is found when it is freed, one after its end when it is allocated again, a
 * second free at once. In other kernels there is no tail and the calls do nothing.
 */
#pragma once

#include "lib/types.h"

#if defined(FATHOM_DEBUG)

/* Bytes behind an object whose size is rounded up to 8. */
#define SLAB_DEBUG_TAIL 80

/* An object of a cache: what the calls need to know of it. */
struct slab_debug_object {
    const char *cache; /* its cache's name */
    void *obj;
    size_t size; /* as the cache's creator asked for */
    bool fill;   /* free ones are filled: the cache has no constructor */
};

/* A new slab's object: free. */
void slab_debug_make(const struct slab_debug_object *object);

/* It is given out; it comes back. Panics name what is wrong. The cache's lock is held. */
void slab_debug_alloc(const struct slab_debug_object *object);
void slab_debug_free(const struct slab_debug_object *object);

/* Once in so many calls: then the cache is to be checked as a whole. */
bool slab_debug_sample(void);

/* Only the first `used` of its `size` bytes were asked for: the rest is red zone too. */
void slab_debug_set_used(void *obj, size_t size, size_t used);

#else

#define SLAB_DEBUG_TAIL 0

static inline bool slab_debug_sample(void)
{
    return false;
}

#endif
