/*
 * Bitmaps in 64-bit words: bit n is bit n % 64 of word n / 64, which on a little-endian machine is
 * also bit n % 8 of byte n / 8, as ext2 has it on disk. Not atomic; the owner locks.
 */
#pragma once

#include "lib/types.h"

#define BITMAP_WORD_BITS    64
#define BITMAP_WORDS(nbits) DIV_ROUND_UP(nbits, BITMAP_WORD_BITS)

static inline void bitmap_set(uint64_t *map, size_t bit)
{
    map[bit / BITMAP_WORD_BITS] |= UINT64_C(1) << bit % BITMAP_WORD_BITS;
}

static inline void bitmap_clear(uint64_t *map, size_t bit)
{
    map[bit / BITMAP_WORD_BITS] &= ~(UINT64_C(1) << bit % BITMAP_WORD_BITS);
}

static inline bool bitmap_test(const uint64_t *map, size_t bit)
{
    return map[bit / BITMAP_WORD_BITS] >> bit % BITMAP_WORD_BITS & 1;
}

/* The first clear bit at or after from, or nbits when there is none below nbits. */
size_t bitmap_find_zero(const uint64_t *map, size_t nbits, size_t from);

/* The first set bit at or after from, or nbits when there is none below nbits. */
size_t bitmap_find_set(const uint64_t *map, size_t nbits, size_t from);
