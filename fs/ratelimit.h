/*
 * How often the same kind of message may be printed: RATELIMIT_BURST in each RATELIMIT_NS, so that
 * a bad disk cannot drown the console. Counted without a lock; a race costs a message.
 */
#pragma once

#include "arch/time.h"
#include "lib/types.h"

/* Linux, include/linux/ratelimit_types.h. */
#define RATELIMIT_NS    5000000000UL
#define RATELIMIT_BURST 10

/* All zero to begin with. */
struct ratelimit {
    _Atomic uint64_t start_ns;
    _Atomic unsigned count; /* messages since start_ns */
};

/* Whether one more may be printed now. Any context. */
static inline bool ratelimit_pass(struct ratelimit *limit)
{
    uint64_t now = time_ns();

    if (now - limit->start_ns >= RATELIMIT_NS) {
        limit->start_ns = now;
        limit->count = 0;
    }
    return limit->count++ < RATELIMIT_BURST;
}
