/*
 * Growing text: against one flat buffer over random pieces, at chunk edges, and with an allocation
 * that fails at every n-th call.
 *
 * kmalloc is the test's own, from the C library's heap, so AddressSanitizer sees every byte outside
 * of a chunk, and leaks.
 */
// uses: fs/seq.c lib/fmt.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/seq.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include <cmocka.h>

#define ROUNDS    200
#define FLAT_SIZE 200000

static unsigned allocations, fail_at; /* 0: none fails */

void *kmalloc(size_t size, unsigned flags)
{
    (void)flags;
    return ++allocations == fail_at ? NULL : malloc(size);
}

void kmfree(void *ptr)
{
    free(ptr);
}

static char flat[FLAT_SIZE];

/* Reads all of it from offset on, piece by piece. */
static void text_is(const struct seq *seq, uint64_t offset, const char *text, size_t length)
{
    const char *at;
    size_t n;

    while ((at = seq_at(seq, offset, &n)) != NULL) {
        assert_true(n > 0 && offset + n <= length);
        assert_memory_equal(at, text + offset, n);
        offset += n;
    }
    assert_true(offset >= length);
}

/* Adds a random piece to seq and to flat; returns the new length. */
static size_t add_piece(struct seq *seq, size_t length)
{
    static char piece[9000];
    size_t n = (size_t)rand() % (rand() % 10 ? 60 : sizeof(piece)), room;
    char *at;

    memset(piece, 'a' + rand() % 26, n);
    switch (rand() % 3) {
    case 0:
        seq_printf(seq, "%.*s|%d", (int)n, piece, 42);
        return length + (size_t)sprintf(flat + length, "%.*s|%d", (int)n, piece, 42);
    case 1:
        at = seq_reserve(seq, n, &room);
        assert_non_null(at);
        assert_true(room >= n);
        memcpy(at, piece, n);
        seq_commit(seq, n);
        break;
    default:
        seq_put(seq, piece, n);
    }
    memcpy(flat + length, piece, n);
    return length + n;
}

static void random_pieces_are_one_text(void **state)
{
    (void)state;
    srand(3);
    fail_at = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct seq seq;
        size_t length = 0;

        seq_init(&seq);
        for (int i = rand() % 100; i > 0 && length < FLAT_SIZE - 20000; i--)
            length = add_piece(&seq, length);
        assert_int_equal(seq.error, 0);
        assert_int_equal(seq.length, length);
        text_is(&seq, 0, flat, length);
        for (int i = 0; i < 20; i++)
            text_is(&seq, (uint64_t)rand() % (length + 2), flat, length);
        seq_clear(&seq);
        assert_int_equal(seq.length, 0);
    }
}

static void a_format_longer_than_the_rest_is_whole(void **state)
{
    struct seq seq;
    size_t n, length;

    (void)state;
    fail_at = 0;
    for (size_t before = PAGE_SIZE - 64; before < PAGE_SIZE + 4; before++) {
        seq_init(&seq);
        memset(flat, 'x', before);
        seq_put(&seq, flat, before);
        seq_printf(&seq, "%040d", 7);
        length = before + (size_t)sprintf(flat + before, "%040d", 7);
        assert_int_equal(seq.length, length);
        text_is(&seq, 0, flat, length);
        seq_clear(&seq);
    }
    seq_init(&seq);
    assert_null(seq_at(&seq, 0, &n));
    seq_printf(&seq, "%s", "");
    seq_puts(&seq, "");
    assert_null(seq_at(&seq, 0, &n));
    seq_clear(&seq);
}

static void any_failed_allocation_is_an_error_that_stays(void **state)
{
    (void)state;
    for (fail_at = 1;; fail_at++) {
        struct seq seq;

        allocations = 0;
        seq_init(&seq);
        for (int i = 0; i < 500; i++)
            seq_printf(&seq, "line %d\n", i);
        memset(flat, 'y', 3 * PAGE_SIZE);
        seq_put(&seq, flat, 3 * PAGE_SIZE);
        if (allocations < fail_at) {
            assert_int_equal(seq.error, 0);
            seq_clear(&seq);
            return;
        }
        assert_int_equal(seq.error, -ENOMEM);
        seq_puts(&seq, "more");
        assert_int_equal(allocations, fail_at);
        seq_clear(&seq);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_pieces_are_one_text),
        cmocka_unit_test(a_format_longer_than_the_rest_is_whole),
        cmocka_unit_test(any_failed_allocation_is_an_error_that_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
