/*
 * The table of shrinkers, asked in the order in which they registered until enough has come. It is
 * complete before a second hart runs and read without a lock.
 */
#include "mm/alloc/shrinker.h"

#include "lib/assert.h"

#define SHRINKERS_MAX 8

static shrink_fn *shrinkers[SHRINKERS_MAX]; /* (i) NULL after the last */

void shrinker_register(shrink_fn *fn)
{
    size_t i = 0;

    while (shrinkers[i] && shrinkers[i] != fn) {
        i++;
        assert(i < SHRINKERS_MAX);
    }
    shrinkers[i] = fn;
}

size_t shrink_all(size_t want)
{
    size_t got = 0;

    for (size_t i = 0; i < SHRINKERS_MAX && shrinkers[i] && got < want; i++)
        got += shrinkers[i](want - got);
    return got;
}
