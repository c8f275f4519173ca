/*
 * Bitmaps against an array of bool, for every size up to a few words and every place to start.
 *
 * The map lies on the heap in exactly its words, so AddressSanitizer sees a word read too many; the
 * bits behind nbits are random.
 */
// uses: lib/bitmap.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/bitmap.h"
#include "lib/types.h"
#include <cmocka.h>

#define NBITS_MAX 200

static size_t naive_find(const bool *bits, size_t nbits, size_t from, bool wanted)
{
    while (from < nbits && bits[from] != wanted)
        from++;
    return MIN(from, nbits);
}

static void check_map(const uint64_t *map, const bool *bits, size_t nbits)
{
    for (size_t i = 0; i < nbits; i++)
        assert_int_equal(bitmap_test(map, i), bits[i]);
    for (size_t from = 0; from <= nbits + 70; from++) {
        size_t zero = from < nbits ? naive_find(bits, nbits, from, false) : nbits;
        size_t set = from < nbits ? naive_find(bits, nbits, from, true) : nbits;

        assert_int_equal(bitmap_find_zero(map, nbits, from), zero);
        assert_int_equal(bitmap_find_set(map, nbits, from), set);
    }
}

static void searches_match_the_model(void **state)
{
    (void)state;
    for (size_t nbits = 0; nbits <= NBITS_MAX; nbits++) {
        for (int density = 0; density <= 4; density++) {
            uint64_t *map = malloc(BITMAP_WORDS(nbits) * sizeof(*map));
            bool bits[NBITS_MAX];

            for (size_t i = 0; i < BITMAP_WORDS(nbits); i++)
                map[i] = (uint64_t)rand() << 40 ^ (uint64_t)rand();
            for (size_t i = 0; i < nbits; i++) {
                bits[i] = rand() % 4 < density;
                (bits[i] ? bitmap_set : bitmap_clear)(map, i);
            }
            check_map(map, bits, nbits);
            free(map);
        }
    }
}

static void bits_lie_as_ext2_has_them(void **state)
{
    uint64_t map[2] = {0};
    const uint8_t *bytes = (const uint8_t *)map;

    (void)state;
    bitmap_set(map, 0);
    bitmap_set(map, 11);
    bitmap_set(map, 127);
    assert_int_equal(bytes[0], 0x01);
    assert_int_equal(bytes[1], 0x08);
    assert_int_equal(bytes[15], 0x80);
    bitmap_clear(map, 11);
    assert_int_equal(bytes[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_match_the_model),
        cmocka_unit_test(bits_lie_as_ext2_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
