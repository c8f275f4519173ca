/*
 * The bit counts, the compiler's helpers that stand behind them on the real machine, and the loads
 * and stores of either byte order.
 *
 * Every function is compared with a loop over the bits, for all powers of two and their neighbours
 * and for random numbers.
 */
// uses: lib/compiler.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/types.h"
#include <cmocka.h>

static uint64_t random64(void)
{
    uint64_t x = 0;

    for (int i = 0; i < 4; i++)
        x = x << 16 | (uint64_t)(rand() & 0xffff);
    return x >> rand() % 64;
}

static void check_counts(uint64_t x)
{
    unsigned set = 0, lowest = 64, highest = 64;

    for (unsigned i = 0; i < 64; i++) {
        if (x >> i & 1) {
            set++;
            lowest = MIN(lowest, i);
            highest = i;
        }
    }
    assert_int_equal(popcount64(x), set);
    assert_int_equal(__popcountdi2(x), set);
    assert_int_equal(ctz64(x), lowest);
    assert_int_equal(__ffsdi2(x), x ? lowest + 1 : 0);
    assert_int_equal(clz64(x), x ? 63 - highest : 64);
    assert_int_equal(is_power_of_two(x), set == 1);
    if (x) {
        assert_int_equal(__ctzdi2(x), lowest);
        assert_int_equal(__clzdi2(x), 63 - highest);
        assert_int_equal(log2_floor(x), highest);
        assert_int_equal(log2_ceil(x), set == 1 ? highest : highest + 1);
    }
}

static void counts_match_a_loop_over_the_bits(void **state)
{
    (void)state;
    check_counts(0);
    for (unsigned i = 0; i < 64; i++) {
        check_counts(UINT64_C(1) << i);
        check_counts((UINT64_C(1) << i) - 1);
        check_counts((UINT64_C(1) << i) + 1);
    }
    for (int i = 0; i < 10000; i++)
        check_counts(random64());
    assert_int_equal(log2_ceil(0), 0);
}

static void loads_and_stores_agree_at_any_alignment(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x81, 0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8};
    uint8_t out[9];

    (void)state;
    assert_int_equal(get_be16(bytes + 1), 0x8192);
    assert_int_equal(get_le16(bytes + 1), 0x9281);
    assert_int_equal(get_be32(bytes + 1), 0x8192a3b4);
    assert_int_equal(get_le32(bytes + 1), 0xb4a39281);
    assert_int_equal(get_be64(bytes + 1), 0x8192a3b4c5d6e7f8);
    assert_int_equal(get_le64(bytes + 1), 0xf8e7d6c5b4a39281);
    assert_int_equal(__bswapsi2(0x8192a3b4), 0xb4a39281);
    assert_int_equal(__bswapdi2(0x8192a3b4c5d6e7f8), 0xf8e7d6c5b4a39281);

    put_be64(out + 1, get_be64(bytes + 1));
    assert_memory_equal(out + 1, bytes + 1, 8);
    put_le64(out + 1, get_be64(bytes + 1));
    assert_int_equal(get_le64(out + 1), get_be64(bytes + 1));
    put_be32(out + 1, 0x01020304);
    put_le32(out + 5, 0x01020304);
    assert_memory_equal(out + 1, "\1\2\3\4\4\3\2\1", 8);
    put_be16(out + 1, 0x0506);
    put_le16(out + 3, 0x0506);
    assert_memory_equal(out + 1, "\5\6\6\5\4\3\2\1", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_match_a_loop_over_the_bits),
        cmocka_unit_test(loads_and_stores_agree_at_any_alignment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
