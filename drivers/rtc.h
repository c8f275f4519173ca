/*
 * What time it is: the machine's clock is read once, when it is found; from then on time_ns()
 * counts.
 */
#pragma once

#include "lib/types.h"

/* A clock says that it is now_ns nanoseconds since 1970 (UTC). The first clock counts. */
void rtc_set_now(uint64_t now_ns);

/* Nanoseconds since 1970 when time_ns() was 0; 0 without a clock. */
uint64_t rtc_boot_time_ns(void);
