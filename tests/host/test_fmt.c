/*
 * Formatting against libc's snprintf, over random specifications, values and buffer sizes, and what
 * libc leaves open.
 *
 * Only specifications with a meaning in C11, 7.21.6.1 are made: no '0' or '#' where they are
 * undefined.
 */
// uses: lib/fmt.c
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fmt.h"
#include "lib/types.h"
#include <cmocka.h>

#define ROUNDS 200000
#define TEXT   256

static int pick(int n)
{
    return rand() % n;
}

/* A number whose bits are many, few, all or none. */
static uint64_t random_value(void)
{
    static const uint64_t edges[] = {0,         1,        UINT64_MAX, INT64_MAX, 1UL << 63,
                                     INT32_MAX, 1U << 31, UINT32_MAX, 127,       128};
    uint64_t x = (uint64_t)rand() << 33 ^ (uint64_t)rand() << 11 ^ (uint64_t)rand();

    return pick(3) == 0 ? edges[pick(ARRAY_SIZE(edges))] : x >> pick(64);
}

/* A random specification. stars counts how many ints it takes before its argument. */
static void make_spec(char *spec, const char *flags, const char *length, char conversion,
                      int *stars)
{
    char *p = spec;

    *stars = 0;
    *p++ = '[';
    *p++ = '%';
    for (const char *f = flags; *f; f++) {
        if (pick(3) == 0)
            *p++ = *f;
    }
    if (pick(2) == 0)
        p += sprintf(p, "%d", 1 + pick(30));
    else if (pick(3) == 0 && ++*stars)
        *p++ = '*';
    if (conversion != 'c' && conversion != 'p' && pick(2) == 0) {
        *p++ = '.';
        if (pick(3) == 0 && ++*stars)
            *p++ = '*';
        else if (pick(4) != 0)
            p += sprintf(p, "%d", pick(26));
    }
    sprintf(p, "%s%c]", length, conversion);
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat"

#define BOTH(size, ...)                                                                            \
    do {                                                                                           \
        int got_n_ = fmt_snprintf(got, size, __VA_ARGS__);                                         \
        int want_n_ = snprintf(want, size, __VA_ARGS__);                                           \
        if (got_n_ != want_n_ || ((size) > 0 && strcmp(got, want) != 0))                           \
            fail_msg("%s: got %d '%s', want %d '%s'", spec, got_n_, got, want_n_, want);           \
    } while (0)

/* Both must print the argument the same, whatever its type. */
#define COMPARE(arg)                                                                               \
    do {                                                                                           \
        size_t size_ = pick(4) == 0 ? (size_t)pick(20) : TEXT;                                     \
        char *got = malloc(MAX(size_, (size_t)1)), *want = malloc(MAX(size_, (size_t)1));          \
        int a_ = pick(60) - 30, b_ = pick(30) - 4;                                                 \
        if (stars == 0)                                                                            \
            BOTH(size_, spec, arg);                                                                \
        else if (stars == 1)                                                                       \
            BOTH(size_, spec, b_, arg);                                                            \
        else                                                                                       \
            BOTH(size_, spec, a_, b_, arg);                                                        \
        free(got);                                                                                 \
        free(want);                                                                                \
    } while (0)

static void integers_print_as_libc_prints_them(void **state)
{
    static const char *const lengths[] = {"", "h", "hh", "l", "ll", "z", "t", "j"};

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const char *length = lengths[pick(ARRAY_SIZE(lengths))];
        char conversion = "diuoxX"[pick(6)];
        bool is_signed = conversion == 'd' || conversion == 'i';
        bool is_int = length[0] == '\0' || length[0] == 'h';
        const char *flags = is_signed ? "-0+ " : conversion == 'u' ? "-0" : "-0#";
        uint64_t value = random_value();
        char spec[64];
        int stars;

        make_spec(spec, flags, length, conversion, &stars);
        if (is_int)
            COMPARE((int)value);
        else
            COMPARE((long)value);
    }
}

static void texts_print_as_libc_prints_them(void **state)
{
    static const char *const texts[] = {"", "a", "hart", "a somewhat longer piece of text"};

    (void)state;
    for (int i = 0; i < ROUNDS / 10; i++) {
        char spec[64];
        int stars;

        const char *text = texts[pick(ARRAY_SIZE(texts))];
        uintptr_t address = random_value() | 1;

        make_spec(spec, "-", "", 's', &stars);
        COMPARE(text);
        make_spec(spec, "-", "", 'c', &stars);
        COMPARE('!' + i % 90);
        make_spec(spec, "-", "", 'p', &stars);
        COMPARE((void *)address);
    }
}

#define EXPECT(want, ...)                                                                          \
    do {                                                                                           \
        char buf_[TEXT];                                                                           \
        assert_int_equal(fmt_snprintf(buf_, sizeof(buf_), __VA_ARGS__), strlen(want));             \
        assert_string_equal(buf_, want);                                                           \
    } while (0)

static void the_rest_prints_as_the_header_says(void **state)
{
    const char *volatile none = NULL; /* hidden, so that the compiler does not warn */

    (void)state;
    EXPECT("plain", "plain");
    EXPECT("100%", "%d%%", 100);
    EXPECT("(null)|0x0", "%s|%p", none, (void *)none);
    EXPECT("0xffffffff80000000", "%p", (void *)0xffffffff80000000);
    EXPECT("%q and %", "%q and %");
    EXPECT("ab", "%.2s", "abc");
    EXPECT("-9223372036854775808", "%ld", LONG_MIN);
    EXPECT("a 1 b -2 c", "%c %u %s %d %c", 'a', 1U, "b", -2, 'c');
}

static void a_string_with_precision_need_not_end(void **state)
{
    char *text = malloc(3);

    (void)state;
    memcpy(text, "abc", 3);
    EXPECT("abc", "%.3s", text);
    EXPECT("  ab", "%4.*s", 2, text);
    free(text);
}

static void no_buffer_still_counts(void **state)
{
    (void)state;
    assert_int_equal(fmt_snprintf(NULL, 0, "%08x%s", 1U, "abc"), 11);
}

struct counter {
    struct fmt_sink sink;
    size_t bytes;
};

static void counter_put(struct fmt_sink *sink, const char *s, size_t n)
{
    struct counter *counter = container_of(sink, struct counter, sink);

    assert_true(n > 0);
    for (size_t i = 0; i < n; i++)
        assert_true(s[i] == ' ' || s[i] == '0' || s[i] == '7');
    counter->bytes += n;
}

static void __printf_like(2, 3) print_to(struct fmt_sink *sink, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fmt_vprint(sink, fmt, args);
    va_end(args);
}

static void a_sink_receives_all_pieces(void **state)
{
    struct counter counter = {.sink.put = counter_put};

    (void)state;
    print_to(&counter.sink, "%*.*d", 5000, 4000, 7);
    assert_int_equal(counter.bytes, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_print_as_libc_prints_them),
        cmocka_unit_test(texts_print_as_libc_prints_them),
        cmocka_unit_test(the_rest_prints_as_the_header_says),
        cmocka_unit_test(a_string_with_precision_need_not_end),
        cmocka_unit_test(no_buffer_still_counts),
        cmocka_unit_test(a_sink_receives_all_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
