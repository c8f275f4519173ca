/*
 * The kernel's own function names, for backtraces. The build makes the table from the linked
 * kernel and links it in again (tools/mksymtab.py).
 */
#pragma once

#include "lib/types.h"

/* The function that contains this address and the offset in it; NULL if there is none. */
const char *symbol_find(vaddr_t addr, uint64_t *offset);
