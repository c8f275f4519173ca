/*
 * The host's end of arch/host and the doubles of floors 1 and 2 that every host test links: an
 * arena for physical memory, a hart table, spin locks, printing, panic, user access, time.
 *
 * All doubles are weak, so a test that names the real source in its `uses:` line gets that. A
 * failed assertion and a panic end the test as failed, or, inside cmocka's expect_assert_failure(),
 * are what the test waits for; locks held then stay held, so such a test sets up again.
 */
#pragma once

#include "lib/types.h"

/* Harts of the double; harts[0] is the one that a test starts on. */
#define HOST_HARTS 4

/*
 * Makes a fresh arena of this many bytes (whole pages), filled with garbage, at HOST_PHYS_BASE, on
 * a 4 MiB boundary; an older one is gone. Also returns to hart 0.
 */
void host_memory_init(size_t bytes);

/* What follows runs on this hart. */
void host_hart_switch(unsigned index);

/* What printk() and print_report() said since the last host_log_clear(), cut off at its size. */
extern char host_log[8192];
void host_log_clear(void);
