/* Time in host tests: a counter that the test advances. */
#pragma once

#include "lib/types.h"

extern uint64_t host_time_ns;

static inline uint64_t time_ns(void)
{
    return host_time_ns;
}
