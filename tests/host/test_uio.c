/*
 * The cursor over user ranges: against a plain copy, over random ranges, partly empty, partly
 * faulting; and a kernel buffer.
 *
 * uses: fs/uio.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arch/uaccess.h"
#include "fs/uio.h"
#include "tests/host/support/host.h"

#define ROUNDS   100000
#define SEGMENTS 6
#define SEGMENT  40

static char memory[SEGMENTS][SEGMENT];

/* Random segments over memory: how many bytes in all. */
static size_t make_iov(struct iovec *iov, unsigned *count)
{
    size_t total = 0;

    *count = (unsigned)rand() % (SEGMENTS + 1);
    for (unsigned i = 0; i < *count; i++) {
        iov[i].base = (uintptr_t)memory[i];
        iov[i].len = rand() % 4 ? (unsigned)rand() % (SEGMENT + 1) : 0;
        total += iov[i].len;
    }
    return total;
}

/* The byte at position pos of the segments. */
static char *at(const struct iovec *iov, size_t pos)
{
    while (pos >= iov->len)
        pos -= iov++->len;
    return (char *)iov->base + pos;
}

static void transfers_touch_exactly_the_bytes_asked_for(void **state)
{
    char bytes[SEGMENTS * SEGMENT], before[SEGMENTS][SEGMENT];
    struct iovec iov[SEGMENTS];

    (void)state;
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        size_t pos = 0, total;
        struct uio uio;
        unsigned count;

        for (size_t i = 0; i < sizeof(memory); i++)
            ((char *)memory)[i] = (char)rand();
        memcpy(before, memory, sizeof(memory));
        total = make_iov(iov, &count);
        uio_init_user(&uio, iov, count, total);
        while (rand() % 8) {
            size_t n = (unsigned)rand() % 60, expect = MIN(n, total - pos);
            int what = rand() % 3;

            for (size_t i = 0; i < n; i++)
                bytes[i] = (char)rand();
            if (what == 0) {
                assert_int_equal(uio_get(&uio, bytes, n), expect);
                for (size_t i = 0; i < expect; i++)
                    assert_int_equal(bytes[i], *at(iov, pos + i));
            } else {
                size_t moved = what == 1 ? uio_put(&uio, bytes, n) : uio_put_zeroes(&uio, n);

                assert_int_equal(moved, expect);
                for (size_t i = 0; i < expect; i++) {
                    assert_int_equal(*at(iov, pos + i), what == 1 ? bytes[i] : 0);
                    before[(at(iov, pos + i) - (char *)memory) / SEGMENT]
                          [(at(iov, pos + i) - (char *)memory) % SEGMENT] = *at(iov, pos + i);
                }
            }
            pos += expect;
            assert_int_equal(uio.left, total - pos);
        }
        assert_memory_equal(memory, before, sizeof(memory));
    }
}

static void fault_ends_transfer_at_the_faulting_byte(void **state)
{
    char bytes[2 * SEGMENT];
    struct iovec iov[2] = {{(uintptr_t)memory[0], SEGMENT}, {(uintptr_t)memory[1], SEGMENT}};
    struct uio uio;

    (void)state;
    for (size_t fault = 0; fault < 2 * SEGMENT; fault++) {
        uio_init_user(&uio, iov, 2, 2 * SEGMENT);
        host_fault_start = (uintptr_t)memory[0] + fault;
        host_fault_end = (uintptr_t)memory[2];
        assert_int_equal(uio_put(&uio, bytes, sizeof(bytes)), fault);
        assert_int_equal(uio.left, 2 * SEGMENT - fault);
        assert_int_equal(uio_get(&uio, bytes, sizeof(bytes)), 0);
        host_fault_end = 0;
        assert_int_equal(uio_put_zeroes(&uio, 1000), 2 * SEGMENT - fault);
        assert_int_equal(uio.left, 0);
    }
}

static void kernel_buffer_is_one_segment(void **state)
{
    char buf[10] = "0123456789", out[10];
    struct iovec iov;
    struct uio uio;

    (void)state;
    uio_init_kernel(&uio, &iov, buf, 5);
    assert_int_equal(uio_get(&uio, out, 2), 2);
    assert_int_equal(uio_put(&uio, "xy", 2), 2);
    assert_int_equal(uio_put_zeroes(&uio, 9), 1);
    assert_int_equal(uio_put(&uio, "z", 1), 0);
    assert_memory_equal(buf, "01xy\00056789", 10);
    assert_memory_equal(out, "01", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfers_touch_exactly_the_bytes_asked_for),
        cmocka_unit_test(fault_ends_transfer_at_the_faulting_byte),
        cmocka_unit_test(kernel_buffer_is_one_segment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
