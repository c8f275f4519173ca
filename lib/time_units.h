/*
 * Units of time. Inside the kernel time is nanoseconds (uint64_t, since power-on or since 1970).
 */
#pragma once

#define NSEC_PER_SEC  1000000000L
#define NSEC_PER_USEC 1000L

/* Clock ticks, as /proc and times(2) count (Linux, include/asm-generic/param.h). */
#define USER_HZ       100
#define NSEC_PER_TICK (NSEC_PER_SEC / USER_HZ)
