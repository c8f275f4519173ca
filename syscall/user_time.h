/* Times as programs give them. */
#pragma once

#include "fs/inode.h"

#define TIME_FOREVER UINT64_MAX

/* A struct timespec from user memory: 0, -EFAULT, or -EINVAL (negative, or a second of
 * nanoseconds and more). */
int user_timespec_get(struct timespec64 *ts, vaddr_t addr);

/* Nanoseconds, at most TIME_FOREVER - 1. */
uint64_t timespec_to_ns(const struct timespec64 *ts);
struct timespec64 ns_to_timespec(uint64_t ns);

/* The time_ns() that is this much from now, at most TIME_FOREVER - 1. */
uint64_t deadline_after(uint64_t ns);

/* How far away a deadline is; 0 when it has passed. */
uint64_t deadline_left(uint64_t deadline);
