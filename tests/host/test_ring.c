/*
 * The byte ring against a plain array that is shifted, over random operations on rings of sizes
 * from 1 to 17.
 *
 * Storage and transfers lie on the heap in exactly their size, so AddressSanitizer sees any byte
 * outside.
 */
// uses: lib/ring.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/ring.h"
#include "lib/types.h"
#include <cmocka.h>

#define SIZE_MAX_TRIED 17
#define OPERATIONS     10000

/* What the ring should hold. */
struct model {
    char bytes[SIZE_MAX_TRIED];
    size_t size, count;
};

static void try_put(struct ring *ring, struct model *model)
{
    size_t n = (size_t)rand() % (model->size + 3), fits = MIN(n, model->size - model->count);
    char *bytes = malloc(n + 1);

    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)rand();
    assert_int_equal(ring_put(ring, bytes, n), fits);
    memcpy(model->bytes + model->count, bytes, fits);
    model->count += fits;
    free(bytes);
}

static void try_get(struct ring *ring, struct model *model)
{
    size_t n = (size_t)rand() % (model->size + 3), there = MIN(n, model->count);
    char *bytes = malloc(n + 1);

    if (rand() % 4) {
        assert_int_equal(ring_get(ring, bytes, n), there);
        assert_memory_equal(bytes, model->bytes, there);
    } else {
        assert_int_equal(ring_skip(ring, n), there);
    }
    model->count -= there;
    memmove(model->bytes, model->bytes + there, model->count);
    free(bytes);
}

static void check_ring(const struct ring *ring, const struct model *model)
{
    size_t skip = (size_t)rand() % (model->size + 2);
    size_t rest = skip < model->count ? model->count - skip : 0;
    char bytes[SIZE_MAX_TRIED];

    assert_true(ring->head < ring->size && ring->count <= ring->size);
    assert_int_equal(ring->count, model->count);
    assert_int_equal(ring_empty(ring), model->count == 0);
    assert_int_equal(ring_full(ring), model->count == model->size);
    assert_int_equal(ring_space(ring), model->size - model->count);
    assert_int_equal(ring_peek(ring, skip, bytes, sizeof(bytes)), rest);
    assert_memory_equal(bytes, model->bytes + skip, rest);
}

static void random_operations_match_the_model(void **state)
{
    (void)state;
    for (size_t size = 1; size <= SIZE_MAX_TRIED; size++) {
        struct model model = {.size = size};
        char *storage = malloc(size);
        struct ring ring;

        ring_init(&ring, storage, size);
        for (int i = 0; i < OPERATIONS; i++) {
            if (rand() % 2)
                try_put(&ring, &model);
            else
                try_get(&ring, &model);
            check_ring(&ring, &model);
        }
        ring_clear(&ring);
        assert_true(ring_empty(&ring));
        free(storage);
    }
}

static void single_bytes_fill_the_ring(void **state)
{
    char storage[3], out[4];
    struct ring ring;

    (void)state;
    ring_init(&ring, storage, sizeof(storage));
    assert_true(ring_put_byte(&ring, 'a'));
    assert_true(ring_put_byte(&ring, 'b'));
    assert_true(ring_put_byte(&ring, 'c'));
    assert_false(ring_put_byte(&ring, 'd'));
    assert_int_equal(ring_get(&ring, out, sizeof(out)), 3);
    assert_memory_equal(out, "abc", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_model),
        cmocka_unit_test(single_bytes_fill_the_ring),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
