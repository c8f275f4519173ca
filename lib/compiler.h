/*
 * What the compiler calls where the machine has no instruction; elsewhere libgcc holds these, which
 * the kernel does not link. Names and meanings: GCC internals manual, "Routines for integer
 * arithmetic". Kernel code calls none of them by name; see lib/bits.h.
 */
#pragma once

#include "lib/types.h"

/* Leading zeroes; undefined for 0. */
int __clzdi2(uint64_t x);

/* Trailing zeroes; undefined for 0. */
int __ctzdi2(uint64_t x);

/* One plus the trailing zeroes; 0 for 0. */
int __ffsdi2(uint64_t x);

/* How many bits are set. */
int __popcountdi2(uint64_t x);

/* The bytes in the opposite order. */
uint32_t __bswapsi2(uint32_t x);
uint64_t __bswapdi2(uint64_t x);
