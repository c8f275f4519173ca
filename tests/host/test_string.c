/*
 * The kernel's own string functions against libc's, and the page operations.
 *
 * lib/string.c is included under other names, so that it can stand beside libc's. Every call works
 * on a heap block of exactly its size, so that AddressSanitizer sees each byte too many.
 */
// uses: lib/page_ops.c
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/page_ops.h"
#include "lib/types.h"
#include <cmocka.h>

static void *(*const libc_memcpy)(void *, const void *, size_t) = memcpy;
static void *(*const libc_memmove)(void *, const void *, size_t) = memmove;
static void *(*const libc_memset)(void *, int, size_t) = memset;
static int (*const libc_memcmp)(const void *, const void *, size_t) = memcmp;
static size_t (*const libc_strlen)(const char *) = strlen;

#define memcpy  kernel_memcpy
#define memmove kernel_memmove
#define memset  kernel_memset
#define memcmp  kernel_memcmp
#define memchr  kernel_memchr
#define strlen  kernel_strlen
#define strnlen kernel_strnlen
#define strcmp  kernel_strcmp
#define strncmp kernel_strncmp
#undef strchr
#undef strrchr
#define strchr  kernel_strchr
#define strrchr kernel_strrchr
#undef FATHOM_HOST
#include "lib/string.c"

#define SPAN   160
#define OFFSET 8

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void fill_random(char *buf, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf[i] = (char)rand();
}

static void memcpy_copies_at_every_alignment_and_length(void **state)
{
    (void)state;
    for (size_t to = 0; to < OFFSET; to++) {
        for (size_t from = 0; from < OFFSET; from++) {
            for (size_t n = 0; n <= SPAN; n++) {
                char *src = malloc(from + n + 1);
                char *dst = malloc(to + n + 1), *want = malloc(to + n + 1);

                fill_random(src, from + n + 1);
                fill_random(dst, to + n + 1);
                libc_memcpy(want, dst, to + n + 1);
                libc_memcpy(want + to, src + from, n);
                assert_ptr_equal(memcpy(dst + to, src + from, n), dst + to);
                assert_int_equal(libc_memcmp(dst, want, to + n + 1), 0);
                free(src);
                free(dst);
                free(want);
            }
        }
    }
}

static void memmove_allows_every_overlap(void **state)
{
    char got[2 * SPAN], want[2 * SPAN];

    (void)state;
    for (size_t to = 0; to < 64; to++) {
        for (size_t from = 0; from < 64; from++) {
            for (size_t n = 0; n < SPAN; n += 1 + n / 8) {
                fill_random(got, sizeof(got));
                libc_memcpy(want, got, sizeof(got));
                libc_memmove(want + to, want + from, n);
                assert_ptr_equal(memmove(got + to, got + from, n), got + to);
                assert_int_equal(libc_memcmp(got, want, sizeof(got)), 0);
            }
        }
    }
}

static void memset_fills_exactly(void **state)
{
    char got[2 * SPAN], want[2 * SPAN];

    (void)state;
    for (size_t to = 0; to < OFFSET; to++) {
        for (size_t n = 0; n <= SPAN; n++) {
            fill_random(got, sizeof(got));
            libc_memcpy(want, got, sizeof(got));
            libc_memset(want + to, 0xa5, n);
            assert_ptr_equal(memset(got + to, 0x7a5, n), got + to);
            assert_int_equal(libc_memcmp(got, want, sizeof(got)), 0);
        }
    }
}

static void memcmp_finds_the_first_difference(void **state)
{
    char a[64], b[64];

    (void)state;
    for (size_t n = 0; n <= 40; n++) {
        for (size_t at = 0; at < n; at++) {
            fill_random(a, sizeof(a));
            libc_memcpy(b, a, sizeof(a));
            b[at] ^= (char)(1 + rand() % 255);
            b[n - 1] ^= at == n - 1 ? 0 : 0x55;
            for (size_t shift = 0; shift + n <= sizeof(a); shift += 3)
                assert_int_equal(sign(memcmp(a + shift, b + shift, n)),
                                 sign(libc_memcmp(a + shift, b + shift, n)));
        }
        assert_int_equal(memcmp(a, a, n), 0);
    }
}

static void strlen_reads_any_alignment(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < OFFSET; shift++) {
        for (size_t n = 0; n < 70; n++) {
            char *s = malloc(shift + n + 1);

            libc_memset(s, 0x80, shift + n);
            s[shift + n] = '\0';
            assert_int_equal(strlen(s + shift), n);
            assert_int_equal(strnlen(s + shift, 100), n);
            assert_int_equal(strnlen(s + shift, n / 2), n / 2);
            free(s);
        }
    }
}

static void comparisons_are_of_unsigned_bytes(void **state)
{
    (void)state;
    assert_true(strcmp("", "") == 0 && strcmp("ab", "ab") == 0);
    assert_true(strcmp("a", "ab") < 0 && strcmp("ab", "a") > 0);
    assert_true(strcmp("\x80", "\x7f") > 0 && strncmp("\x80", "\x7f", 1) > 0);
    assert_true(strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0);
    assert_true(strncmp("a", "b", 0) == 0 && strncmp("a", "a", 10) == 0);
    assert_true(memcmp("\x80", "\x7f", 1) > 0);
}

static void searches_find_first_and_last(void **state)
{
    const char *s = "abcabc";

    (void)state;
    assert_ptr_equal(strchr(s, 'b'), s + 1);
    assert_ptr_equal(strrchr(s, 'b'), s + 4);
    assert_ptr_equal(strchr(s, '\0'), s + 6);
    assert_ptr_equal(strrchr(s, '\0'), s + 6);
    assert_null(strchr(s, 'x'));
    assert_null(strrchr(s, 'x'));
    assert_ptr_equal(memchr(s, 'c', 6), s + 2);
    assert_null(memchr(s, 'c', 2));
}

static void str_copy_always_terminates(void **state)
{
    char dst[4] = "xyz";

    (void)state;
    assert_int_equal(str_copy(dst, "abcdef", 0), 6);
    assert_string_equal(dst, "xyz");
    assert_int_equal(str_copy(dst, "abcdef", sizeof(dst)), 6);
    assert_string_equal(dst, "abc");
    assert_int_equal(str_copy(dst, "abc", sizeof(dst)), 3);
    assert_string_equal(dst, "abc");
    assert_int_equal(str_copy(dst, "", 1), libc_strlen(""));
    assert_string_equal(dst, "");
}

static void pages_are_cleared_and_copied_whole(void **state)
{
    char *a = aligned_alloc(PAGE_SIZE, PAGE_SIZE), *b = aligned_alloc(PAGE_SIZE, PAGE_SIZE);

    (void)state;
    fill_random(a, PAGE_SIZE);
    page_copy(b, a);
    assert_int_equal(libc_memcmp(a, b, PAGE_SIZE), 0);
    page_clear(a);
    for (size_t i = 0; i < PAGE_SIZE; i++)
        assert_int_equal(a[i], 0);
    free(a);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memcpy_copies_at_every_alignment_and_length),
        cmocka_unit_test(memmove_allows_every_overlap),
        cmocka_unit_test(memset_fills_exactly),
        cmocka_unit_test(memcmp_finds_the_first_difference),
        cmocka_unit_test(strlen_reads_any_alignment),
        cmocka_unit_test(comparisons_are_of_unsigned_bytes),
        cmocka_unit_test(searches_find_first_and_last),
        cmocka_unit_test(str_copy_always_terminates),
        cmocka_unit_test(pages_are_cleared_and_copied_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
