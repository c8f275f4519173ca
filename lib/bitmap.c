/*
 * Searches over bitmaps, a word at a time.
 *
 * Both searches are one: looking for a clear bit is looking for a set bit in the inverted word.
 * Bits at or above nbits may hold anything and are never found or counted; no word is read that
 * holds only such bits.
 */
#include "lib/bitmap.h"
#include "lib/bits.h"
#include "lib/types.h"

/* The first bit at or after from that is set in the map with each word xored by flip. */
static size_t find_bit(const uint64_t *map, size_t nbits, size_t from, uint64_t flip)
{
    uint64_t mask = ~UINT64_C(0) << from % BITMAP_WORD_BITS;

    if (from >= nbits)
        return nbits;
    for (size_t i = from / BITMAP_WORD_BITS; i < BITMAP_WORDS(nbits); i++) {
        uint64_t word = (map[i] ^ flip) & mask;

        if (word)
            return MIN(i * BITMAP_WORD_BITS + ctz64(word), nbits);
        mask = ~UINT64_C(0);
    }
    return nbits;
}

size_t bitmap_find_zero(const uint64_t *map, size_t nbits, size_t from)
{
    return find_bit(map, nbits, from, ~UINT64_C(0));
}

size_t bitmap_find_set(const uint64_t *map, size_t nbits, size_t from)
{
    return find_bit(map, nbits, from, 0);
}
