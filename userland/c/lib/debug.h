/*
 * debug.h - the kernel's calls for looking inside (docs/debugging.md).
 *
 * Each returns 0, or -1 with errno set.
 */
#ifndef USERLAND_LIB_DEBUG_H
#define USERLAND_LIB_DEBUG_H

#include <stdint.h>
#include <sys/types.h>

#define DEBUG_LEVELS 3 /* of page tables: Sv39 */

/* The entries that lead to an address, the root table's first, and how many there are. */
struct debug_walk {
    uint64_t root; /* physical address of the root table */
    uint64_t count;
    uint64_t entries[DEBUG_LEVELS];
};

/* Tells this process's system calls, and those of what it starts, to FD; -1 ends it. */
int debug_trace(int fd);

/* The page-table entries for ADDRESS in process PID; 0 is this one. */
int debug_pte(pid_t pid, uint64_t address, struct debug_walk *walk);

#endif
