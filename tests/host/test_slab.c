/*
 * Slab caches: random allocation against a model, constructors, layout, give-back, failure.
 *
 * uses: mm/alloc/slab.c mm/alloc/kmalloc.c mm/alloc/buddy.c mm/alloc/shrinker.c mm/alloc/page.c
 * uses: mm/alloc/memory_map.c lib/page_ops.c lib/fdt.c lib/fdt_blob.c lib/fmt.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mm/alloc/slab.h"
#include "tests/host/support/host_alloc.h"
#include <cmocka.h>

#define ARENA      (16 * MIB)
#define OPERATIONS 20000
#define OBJECTS    700

static int set_up(void **state)
{
    (void)state;
    srand(2);
    host_alloc_init(ARENA);
    return 0;
}

/* The entry of this cache in what /proc/slabinfo shows. */
static struct slab_info info_of(const char *name)
{
    struct slab_info info = {0};

    for (unsigned i = 0; slab_cache_info(i, &info); i++)
        if (strcmp(info.name, name) == 0)
            return info;
    fail_msg("no cache %s", name);
    return info;
}

struct held {
    unsigned char *obj;
    unsigned char fill;
};

/* Random allocation and freeing; every object keeps its own byte all over. */
static void exercise(struct slab_cache *cache, size_t size, size_t align)
{
    static struct held held[OBJECTS];
    size_t count = 0;

    for (int i = 0; i < OPERATIONS; i++) {
        host_hart_switch((unsigned)rand() % HOST_HARTS);
        if (count < OBJECTS && rand() % 100 < 52) {
            unsigned char *obj = slab_alloc(cache, 0);

            assert_non_null(obj);
            assert_int_equal((uintptr_t)obj % align, 0);
            assert_ptr_equal(slab_cache_of(obj), cache);
            assert_ptr_equal(slab_cache_of(obj + size - 1), cache);
            held[count] = (struct held){obj, (unsigned char)rand()};
            memset(obj, held[count].fill, size);
            count++;
        } else if (count > 0) {
            size_t k = (size_t)rand() % count;

            for (size_t b = 0; b < size; b++)
                assert_int_equal(held[k].obj[b], held[k].fill);
            slab_free(cache, held[k].obj);
            held[k] = held[--count];
        }
        if (i % 512 == 0)
            slab_check(cache);
    }
    while (count > 0)
        slab_free(cache, held[--count].obj);
    slab_check(cache);
}

static void objects_of_any_size_keep_their_bytes(void **state)
{
    static const struct {
        const char *name;
        size_t size, align;
    } cases[] = {
        {"t-1", 1, 0},         {"t-7", 7, 0},           {"t-24", 24, 0},
        {"t-100-64", 100, 64}, {"t-333", 333, 16},      {"t-1000", 1000, 32},
        {"t-4100", 4100, 8},   {"t-64-4096", 64, 4096}, {"t-7000", 7000, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct slab_cache *cache =
            slab_cache_create(cases[i].name, cases[i].size, cases[i].align, NULL);
        struct slab_info info;

        assert_non_null(cache);
        assert_int_equal(slab_object_size(cache), cases[i].size);
        exercise(cache, cases[i].size, cases[i].align ? cases[i].align : 8);
        info = info_of(cases[i].name);
        assert_int_equal(info.objects_used, 0);
        assert_int_equal(info.slabs_used, 0);
        assert_true(info.slabs_total <= 3);
    }
    buddy_check();
}

static void end_of_slab_wastes_an_eighth_at_most(void **state)
{
    static char names[SLAB_OBJECT_MAX / 8 + 1][16];

    (void)state;
    for (size_t size = 8; size <= 8 * KIB; size += 8) {
        struct slab_cache *cache;
        struct slab_info info;
        size_t bytes;

        snprintf(names[size / 8], sizeof(names[0]), "w-%zu", size);
        cache = slab_cache_create(names[size / 8], size, 0, NULL);
        assert_non_null(cache);
        info = info_of(names[size / 8]);
        bytes = info.pages_per_slab * PAGE_SIZE;
        assert_true((bytes - info.objects_per_slab * size) * 8 <= bytes);
    }
}

#define BORN 0x5eed5eed5eed5eedUL

static int constructed;

struct thing {
    uint64_t state[5];
    char odd;
};

static void thing_construct(void *obj)
{
    struct thing *t = obj;

    for (size_t i = 0; i < ARRAY_SIZE(t->state); i++)
        t->state[i] = BORN;
    t->odd = 'o';
    constructed++;
}

static void thing_assert_born(const struct thing *t)
{
    for (size_t i = 0; i < ARRAY_SIZE(t->state); i++)
        assert_int_equal(t->state[i], BORN);
    assert_int_equal(t->odd, 'o');
}

static void constructed_state_survives_free_and_alloc(void **state)
{
    struct slab_cache *cache = slab_cache_create("thing", sizeof(struct thing), 0, thing_construct);
    struct thing *things[300];

    (void)state;
    constructed = 0;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < ARRAY_SIZE(things); i++) {
            things[i] = slab_alloc(cache, 0);
            thing_assert_born(things[i]);
            things[i]->state[rand() % 5] = 0;
        }
        for (size_t i = 0; i < ARRAY_SIZE(things); i++) {
            for (size_t s = 0; s < ARRAY_SIZE(things[i]->state); s++)
                things[i]->state[s] = BORN;
            slab_free(cache, things[i]);
        }
    }
    slab_check(cache);
    assert_true(constructed < 20 * (int)ARRAY_SIZE(things));
    assert_int_equal(constructed % (int)info_of("thing").objects_per_slab, 0);
}

static void zeroed_object_is_zero_after_reuse(void **state)
{
    struct slab_cache *cache = slab_cache_create("z", 60, 0, NULL);
    static const char zero[60];
    void *obj = slab_alloc(cache, 0);

    (void)state;
    memset(obj, 0xff, 60);
    slab_free(cache, obj);
    assert_ptr_equal(slab_alloc(cache, ALLOC_ZERO), obj);
    assert_memory_equal(obj, zero, sizeof(zero));
}

static void drain_gives_every_empty_slab_back(void **state)
{
    struct slab_cache *cache = slab_cache_create("d", 500, 0, NULL);
    uint64_t before = page_free_count();
    void *objs[100];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(objs); i++)
        objs[i] = slab_alloc(cache, 0);
    for (size_t i = 0; i < ARRAY_SIZE(objs); i++)
        slab_free(cache, objs[i]);
    assert_true(page_free_count() < before);
    assert_true(slab_drain() > 0);
    assert_int_equal(page_free_count(), before);
    assert_int_equal(slab_drain(), 0);
    slab_check(cache);
}

static void empty_slabs_are_shrunk_before_failure(void **state)
{
    struct slab_cache *cache = slab_cache_create("s", 4096, 0, NULL);
    struct page *page;
    uint64_t pages = 0;

    (void)state;
    slab_free(cache, slab_alloc(cache, 0));
    while ((page = page_alloc(0)))
        pages++;
    assert_int_equal(info_of("s").slabs_total, 0);
    assert_true(pages > 0);
}

static void exhaustion_returns_null_and_recovers(void **state)
{
    struct slab_cache *cache = slab_cache_create("x", 2000, 0, NULL);
    uint64_t before = page_free_count();
    void **first = NULL, **obj;
    size_t count = 0;

    (void)state;
    while ((obj = slab_alloc(cache, ALLOC_ATOMIC))) {
        *obj = first;
        first = obj;
        count++;
    }
    assert_true(count * 2000 > ARENA / 2);
    slab_check(cache);
    while (first) {
        obj = first;
        first = *obj;
        slab_free(cache, obj);
    }
    slab_drain();
    assert_int_equal(page_free_count(), before);
    assert_non_null(slab_alloc(cache, 0));
}

static void cache_creation_fails_without_memory(void **state)
{
    (void)state;
    while (page_alloc(ALLOC_ATOMIC))
        ;
    for (int i = 0; i < 1000; i++)
        if (!slab_cache_create("n", 8, 0, NULL))
            return;
    fail_msg("a thousand caches from nothing");
}

static void address_outside_slabs_has_no_cache(void **state)
{
    struct page *page = page_alloc(0);

    (void)state;
    assert_null(slab_cache_of(page_address(page)));
    assert_null(slab_cache_of(phys_to_virt(HOST_PHYS_BASE + 2 * ARENA)));
    assert_null(slab_cache_of(phys_to_virt(0)));
}

static void wrong_frees_are_caught(void **state)
{
    struct slab_cache *a = slab_cache_create("a", 64, 0, NULL);
    struct slab_cache *b = slab_cache_create("b", 64, 0, NULL);
    char *obj = slab_alloc(a, 0), *other = slab_alloc(a, 0);

    (void)state;
    expect_assert_failure(slab_free(b, obj));
    expect_assert_failure(slab_free(a, page_address(page_alloc(0))));
    slab_free(a, obj);
    slab_free(a, other);
    expect_assert_failure(slab_free(a, obj));
}

static void free_inside_object_is_caught(void **state)
{
    struct slab_cache *cache = slab_cache_create("i", 64, 0, NULL);
    char *obj = slab_alloc(cache, 0);

    (void)state;
    expect_assert_failure(slab_free(cache, obj + 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(objects_of_any_size_keep_their_bytes, set_up),
        cmocka_unit_test_setup(end_of_slab_wastes_an_eighth_at_most, set_up),
        cmocka_unit_test_setup(constructed_state_survives_free_and_alloc, set_up),
        cmocka_unit_test_setup(zeroed_object_is_zero_after_reuse, set_up),
        cmocka_unit_test_setup(drain_gives_every_empty_slab_back, set_up),
        cmocka_unit_test_setup(empty_slabs_are_shrunk_before_failure, set_up),
        cmocka_unit_test_setup(exhaustion_returns_null_and_recovers, set_up),
        cmocka_unit_test_setup(cache_creation_fails_without_memory, set_up),
        cmocka_unit_test_setup(address_outside_slabs_has_no_cache, set_up),
        cmocka_unit_test_setup(wrong_frees_are_caught, set_up),
        cmocka_unit_test_setup(free_inside_object_is_caught, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
