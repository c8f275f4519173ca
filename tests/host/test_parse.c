/*
 * Numbers and sizes from text: a table of what is read and one of what is refused, and every number
 * that snprintf can print in four bases.
 *
 * A refused text must leave the result alone.
 */
// uses: lib/parse.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/errno.h"
#include "lib/parse.h"
#include "lib/types.h"
#include <cmocka.h>

#define UNTOUCHED 0x5a5a5a5a5a5a5a5a

struct number_case {
    const char *text;
    int base;
    int err;
    uint64_t value;
};

static const struct number_case numbers[] = {
    {"0", 10, 0, 0},
    {"0", 0, 0, 0},
    {"42", 10, 0, 42},
    {"007", 10, 0, 7},
    {"017", 0, 0, 15},
    {"0x1F", 0, 0, 31},
    {"0X1f", 16, 0, 31},
    {"1f", 16, 0, 31},
    {"101", 2, 0, 5},
    {"zz", 36, 0, 1295},
    {"18446744073709551615", 10, 0, UINT64_MAX},
    {"18446744073709551616", 10, -ERANGE, 0},
    {"18446744073709551616x", 10, -EINVAL, 0},
    {"99999999999999999999999", 10, -ERANGE, 0},
    {"0x10000000000000000", 0, -ERANGE, 0},
    {"", 10, -EINVAL, 0},
    {"", 0, -EINVAL, 0},
    {"-1", 10, -EINVAL, 0},
    {"+1", 10, -EINVAL, 0},
    {" 1", 10, -EINVAL, 0},
    {"1 ", 10, -EINVAL, 0},
    {"0x", 16, -EINVAL, 0},
    {"0x", 0, -EINVAL, 0},
    {"08", 0, -EINVAL, 0},
    {"12", 2, -EINVAL, 0},
    {"0x12", 10, -EINVAL, 0},
    {"1", 1, -EINVAL, 0},
    {"1", 37, -EINVAL, 0},
    {"1", -1, -EINVAL, 0},
};

static const struct number_case sizes[] = {
    {"0", 0, 0, 0},
    {"4096", 0, 0, 4096},
    {"4k", 0, 0, 4096},
    {"32M", 0, 0, 32 * MIB},
    {"0x10m", 0, 0, 16 * MIB},
    {"2G", 0, 0, 2 * GIB},
    {"16777215T", 0, 0, UINT64_C(16777215) << 40},
    {"16777216T", 0, -ERANGE, 0},
    {"18446744073709551616", 0, -ERANGE, 0},
    {"18446744073709551616Q", 0, -EINVAL, 0},
    {"M", 0, -EINVAL, 0},
    {"", 0, -EINVAL, 0},
    {"1MB", 0, -EINVAL, 0},
    {"1 M", 0, -EINVAL, 0},
    {"-1M", 0, -EINVAL, 0},
};

static void check_case(const struct number_case *c, int err, uint64_t value)
{
    if (err != c->err || value != (c->err ? UNTOUCHED : c->value))
        fail_msg("'%s' in base %d: %d, %lu", c->text, c->base, err, (unsigned long)value);
}

static void numbers_are_read_or_refused_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        uint64_t value = UNTOUCHED;
        int err = parse_u64(numbers[i].text, numbers[i].base, &value);

        check_case(&numbers[i], err, value);
    }
}

static void sizes_take_one_suffix(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        uint64_t value = UNTOUCHED;
        int err = parse_size(sizes[i].text, &value);

        check_case(&sizes[i], err, value);
    }
}

static void what_printf_prints_is_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t want = ((uint64_t)rand() << 33 ^ (uint64_t)rand()) >> rand() % 64, got;
        char text[32];

        snprintf(text, sizeof(text), "%lu", (unsigned long)want);
        assert_int_equal(parse_u64(text, i % 2 ? 10 : 0, &got), 0);
        assert_int_equal(got, want);
        snprintf(text, sizeof(text), "%#lx", (unsigned long)want);
        assert_int_equal(parse_u64(text, 0, &got), 0);
        assert_int_equal(got, want);
        snprintf(text, sizeof(text), "%#lo", (unsigned long)want);
        assert_int_equal(parse_u64(text, 0, &got), 0);
        assert_int_equal(got, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_or_refused_whole),
        cmocka_unit_test(sizes_take_one_suffix),
        cmocka_unit_test(what_printf_prints_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
