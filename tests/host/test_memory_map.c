/*
 * The memory map: trees made by dtc, regular and hostile, and random ones against a model that
 * knows for each quarter of a KiB whether it is memory, reserved, not to be mapped.
 *
 * uses: mm/alloc/memory_map.c lib/fdt.c lib/fdt_blob.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch/address.h"
#include "lib/errno.h"
#include "mm/alloc/memory_map.h"
#include <cmocka.h>

#define BLOB_MAX 65536
#define BASE     0x80000000UL

static uint8_t blob[BLOB_MAX];
static struct fdt fdt;

/* Compiles the source with dtc and opens the tree. */
static void tree_make(const char *source)
{
    char dts[] = "/tmp/fathom-test-memory-XXXXXX", command[128];
    int fd = mkstemp(dts);
    size_t size = strlen(source);
    FILE *out;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, source, size), size);
    close(fd);
    snprintf(command, sizeof(command), "dtc -q -f -I dts -O dtb %s", dts);
    out = popen(command, "r");
    assert_non_null(out);
    size = fread(blob, 1, sizeof(blob), out);
    if (pclose(out) != 0 || size == 0)
        fail_msg("dtc (device-tree-compiler) made no tree");
    unlink(dts);
    assert_int_equal(fdt_init(&fdt, blob, size), 0);
}

static int map_make(struct memory_map *map, const char *source)
{
    int error;

    tree_make(source);
    error = memory_map_init(map, &fdt);
    if (!error)
        memory_map_check(map);
    return error;
}

#define HEAD "/dts-v1/;\n"
#define ROOT "/ { #address-cells = <2>; #size-cells = <2>;\n"

/* What QEMU's virt with OpenSBI says, and more kinds of reservations. */
static const char usual[] =
    HEAD "/memreserve/ 0x84000000 0x1800;\n" ROOT
         "  chosen { linux,initrd-start = <0x85000800>; linux,initrd-end = <0x0 0x85001001>; };\n"
         "  reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges;\n"
         "    a@80000000 { reg = <0x0 0x80000000 0x0 0x40000>; no-map; };\n"
         "    b@80040000 { reg = <0x0 0x80040000 0x0 0x20000>; no-map; };\n"
         "    c@82000000 { reg = <0x0 0x82000000 0x0 0x1000>, <0x0 0x82001000 0x0 0x1>; };\n"
         "    d { size = <0x0 0x100000>; };\n"
         "    e@83000000 { reg = <0x0 0x83000000 0x0 0x1000>; status = \"disabled\"; };\n"
         "  };\n"
         "  memory@80000000 { device_type = \"memory\"; reg = <0x0 0x80000000 0x0 0x8000000>; };\n"
         "  memory@90000000 { device_type = \"memory\"; status = \"disabled\";\n"
         "    reg = <0x0 0x90000000 0x0 0x8000000>; };\n"
         "};\n";

static void assert_ranges(const struct memory_range *list, size_t count,
                          const struct memory_range *expected, size_t expected_count)
{
    assert_int_equal(count, expected_count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].start, expected[i].start);
        assert_int_equal(list[i].end, expected[i].end);
    }
}

static void usual_tree_is_read_whole(void **state)
{
    static const struct memory_range bank[] = {{BASE, BASE + 0x8000000}};
    static const struct memory_range reserved[] = {{0x80000000, 0x80060000},
                                                   {0x82000000, 0x82002000},
                                                   {0x84000000, 0x84002000},
                                                   {0x85000000, 0x85002000}};
    static const struct memory_range no_map[] = {{0x80000000, 0x80060000}};
    struct memory_map map;

    (void)state;
    assert_int_equal(map_make(&map, usual), 0);
    assert_ranges(map.bank, map.bank_count, bank, ARRAY_SIZE(bank));
    assert_ranges(map.reserved, map.reserved_count, reserved, ARRAY_SIZE(reserved));
    assert_ranges(map.no_map, map.no_map_count, no_map, ARRAY_SIZE(no_map));
}

static void banks_that_meet_inside_a_page_lose_nothing(void **state)
{
    static const struct memory_range bank[] = {{BASE + 0x1000, BASE + 0x20000}};
    struct memory_map map;

    (void)state;
    assert_int_equal(map_make(&map, HEAD ROOT
                              "memory@1 { device_type = \"memory\";"
                              " reg = <0 0x80008800 0 0x18000>, <0 0x80000001 0 0x87ff>; }; };"),
                     0);
    assert_ranges(map.bank, map.bank_count, bank, 1);
}

/* Each tree is one that a hostile machine might hand over, with what must come of it. */
static const struct {
    const char *what, *source;
    int error;
    size_t banks;
    uint64_t bytes; /* free */
} hostile[] = {
    {"no memory node", HEAD ROOT "};", -EINVAL, 0, 0},
    {"empty memory", HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0 0 0 0>; }; };",
     -EINVAL, 0, 0},
    {"less than a page",
     HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0 0x80000800 0 0x1000>; }; };", -EINVAL,
     0, 0},
    {"only page 0", HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0 0 0 0x1000>; }; };",
     -EINVAL, 0, 0},
    {"bank past the end of the address space",
     HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0xffffffff 0xfffff000 0 0x2000>; }; };",
     -EINVAL, 0, 0},
    {"size that wraps around",
     HEAD ROOT "memory@0 { device_type = \"memory\";"
               " reg = <0x3e 0xfffff000 0xffffffff 0xffffffff>; }; };",
     0, 1, 0x1000},
    {"everything is memory",
     HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0 0 0xffffffff 0xffffffff>; }; };", 0,
     1, LINEAR_LIMIT - PAGE_SIZE},
    {"everything is reserved",
     HEAD "/memreserve/ 0 0xffffffffffffffff;" ROOT
          "memory@0 { device_type = \"memory\"; reg = <0 0x80000000 0 0x100000>; }; };",
     -EINVAL, 0, 0},
    {"reservation that wraps around",
     HEAD "/memreserve/ 0x80004000 0xfffffffffffffff0;" ROOT
          "memory@0 { device_type = \"memory\"; reg = <0 0x80000000 0 0x100000>; }; };",
     0, 1, 0x4000},
    {"reg with half an entry more",
     HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0 0x80000000 0 0x100000 0 1>; }; };", 0,
     1, 0x100000},
    {"reserved reg with half an entry",
     HEAD ROOT "reserved-memory { #address-cells = <2>; #size-cells = <2>; a { reg = <0 1>; }; };"
               "memory@0 { device_type = \"memory\"; reg = <0 0x80000000 0 0x100000>; }; };",
     -EINVAL, 0, 0},
    {"cells that no one can read",
     HEAD "/ { #address-cells = <3>; #size-cells = <2>;"
          "memory@0 { device_type = \"memory\"; reg = <0 0 0x80000000 0 0x100000>; }; };",
     -EINVAL, 0, 0},
    {"initrd that ends before it begins",
     HEAD ROOT "chosen { linux,initrd-start = <0x80008000>; linux,initrd-end = <0x80004000>; };"
               "memory@0 { device_type = \"memory\"; reg = <0 0x80000000 0 0x100000>; }; };",
     0, 1, 0x100000},
    {"reg of another type than memory",
     HEAD ROOT "memory@0 { device_type = \"memories\"; reg = <0 0x80000000 0 0x100000>; }; };",
     -EINVAL, 0, 0},
    {"the same bank three times",
     HEAD ROOT "memory@0 { device_type = \"memory\"; reg = <0 0x80000000 0 0x100000>,"
               " <0 0x80000000 0 0x100000>, <0 0x80001000 0 0x1000>; }; };",
     0, 1, 0x100000},
};

static uint64_t free_bytes(const struct memory_map *map)
{
    struct memory_range r;
    uint64_t bytes = 0;
    paddr_t pos = 0;

    while (memory_map_next_free(map, &pos, &r)) {
        assert_true(r.start < r.end && pos == r.end);
        bytes += r.end - r.start;
    }
    return bytes;
}

static void hostile_trees_are_refused_or_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
        struct memory_map map;
        int error = map_make(&map, hostile[i].source);

        if (error != hostile[i].error)
            fail_msg("%s: %d", hostile[i].what, error);
        if (error)
            continue;
        if (map.bank_count != hostile[i].banks || free_bytes(&map) != hostile[i].bytes)
            fail_msg("%s: %zu banks, %#lx bytes", hostile[i].what, map.bank_count,
                     free_bytes(&map));
    }
}

/* count ranges of a page, a page apart, as text; for reg or for the reservation block. */
static void many(char *text, size_t size, const char *format, int count)
{
    size_t used = strlen(text);

    for (int i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, size - used, format, (int)BASE + i * 0x2000);
}

static void too_many_ranges_are_e2big(void **state)
{
    static char text[16384];
    struct memory_map map;

    (void)state;
    for (int more = 0; more <= 1; more++) {
        strcpy(text, HEAD ROOT "memory@0 { device_type = \"memory\"; reg = ");
        many(text, sizeof(text), "<0 0x%x 0 0x1000>, ", MEMORY_BANKS_MAX + more - 1);
        strcat(text, "<0 0x90000000 0 0x1000>; }; };");
        assert_int_equal(map_make(&map, text), more ? -E2BIG : 0);

        strcpy(text, HEAD);
        many(text, sizeof(text), "/memreserve/ 0x%x 0x1000;\n", MEMORY_RESERVED_MAX + more);
        strcat(text, ROOT "memory@0 { device_type = \"memory\";"
                          " reg = <0 0x80000000 0 0x10000000>; }; };");
        assert_int_equal(map_make(&map, text), more ? -E2BIG : 0);
    }
}

static void full_list_still_takes_what_joins(void **state)
{
    static const paddr_t gap = 2 * PAGE_SIZE;
    struct memory_map map = {.bank_count = 1, .bank = {{BASE, BASE + GIB}}};

    (void)state;
    for (size_t i = 0; i < MEMORY_RESERVED_MAX; i++)
        assert_int_equal(memory_map_reserve(&map, BASE + i * gap, BASE + i * gap + 1), 0);
    assert_int_equal(memory_map_reserve(&map, BASE + GIB / 2, BASE + GIB), -E2BIG);
    assert_int_equal(memory_map_take(&map, MIB, MIB), 0);
    assert_int_equal(memory_map_reserve(&map, BASE + PAGE_SIZE, BASE + PAGE_SIZE + 1), 0);
    assert_int_equal(map.reserved_count, MEMORY_RESERVED_MAX - 1);
    memory_map_check(&map);
}

/* -- Random trees against the model ------------------------------------------------------------ */

#define UNIT       256
#define PAGE_UNITS (PAGE_SIZE / UNIT)
#define PAGES      256
#define UNITS      (PAGES * PAGE_UNITS)
#define TREES      60

enum { MEMORY = 1, RESERVED = 2, NO_MAP = 4 };

static uint8_t unit[UNITS];

/* A random range of units, noted in the model; most are short. */
static struct memory_range random_range(unsigned what, size_t longest)
{
    size_t start = (size_t)rand() % UNITS, count = (size_t)rand() % longest;
    size_t end = MIN(start + count, (size_t)UNITS);

    for (size_t i = start; i < end; i++)
        unit[i] |= what;
    return (struct memory_range){BASE + start * UNIT, BASE + end * UNIT};
}

static int random_tree(struct memory_map *map)
{
    static char text[8192];
    FILE *out = fmemopen(text, sizeof(text), "w");
    struct memory_range r;

    memset(unit, 0, sizeof(unit));
    fputs(HEAD, out);
    for (int i = rand() % 10; i > 0; i--) {
        r = random_range(RESERVED, 100);
        fprintf(out, "/memreserve/ %#lx %#lx;\n", r.start, r.end - r.start);
    }
    fputs(ROOT "reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;\n", out);
    for (int i = rand() % 10; i > 0; i--) {
        bool no_map = rand() % 2;

        r = random_range(RESERVED | (no_map ? NO_MAP : 0), 200);
        fprintf(out, "r%d { reg = <%#lx %#lx>; %s };\n", i, r.start, r.end - r.start,
                no_map ? "no-map;" : "");
    }
    fputs("};\n", out);
    for (int i = 1 + rand() % 8; i > 0; i--) {
        r = random_range(MEMORY, UNITS / 2);
        fprintf(out, "m%d { device_type = \"memory\"; reg = <0 %#lx 0 %#lx>; };\n", i, r.start,
                r.end - r.start);
    }
    fputs("};\n", out);
    fclose(out);
    return map_make(map, text);
}

static bool page_is_memory(size_t page)
{
    for (size_t i = 0; i < PAGE_UNITS; i++)
        if (!(unit[page * PAGE_UNITS + i] & MEMORY))
            return false;
    return true;
}

static bool page_has(size_t page, unsigned what)
{
    for (size_t i = 0; i < PAGE_UNITS; i++)
        if (unit[page * PAGE_UNITS + i] & what)
            return true;
    return false;
}

typedef bool next_fn(const struct memory_map *map, paddr_t *pos, struct memory_range *range);

/* Compares what next() names with the memory that is not `without`; returns its pages. */
static size_t assert_agrees(const struct memory_map *map, next_fn *next, unsigned without)
{
    bool named[PAGES] = {false};
    struct memory_range r;
    paddr_t pos = 0, last = 0;
    size_t pages = 0;

    while (next(map, &pos, &r)) {
        assert_true(r.start >= last && r.start < r.end && r.end <= BASE + PAGES * PAGE_SIZE);
        last = r.end;
        for (paddr_t pa = r.start; pa < r.end; pa += PAGE_SIZE)
            named[(pa - BASE) >> PAGE_SHIFT] = true;
    }
    for (size_t page = 0; page < PAGES; page++) {
        assert_int_equal(named[page], page_is_memory(page) && !page_has(page, without));
        pages += named[page];
    }
    return pages;
}

/* Takes memory until there is none, in random sizes. */
static void take_all(struct memory_map *map)
{
    for (int i = 0; i < 200; i++) {
        uint64_t size = PAGE_SIZE * (1 + (uint64_t)rand() % 8), align = PAGE_SIZE << rand() % 4;
        paddr_t pa = memory_map_take(map, size, align);

        memory_map_check(map);
        if (!pa)
            continue;
        assert_int_equal(pa % align, 0);
        for (paddr_t at = pa; at < pa + size; at += PAGE_SIZE) {
            size_t page = (at - BASE) >> PAGE_SHIFT;

            assert_true(page_is_memory(page) && !page_has(page, RESERVED));
            unit[page * PAGE_UNITS] |= RESERVED;
        }
        assert_agrees(map, memory_map_next_free, RESERVED);
    }
    while (memory_map_take(map, PAGE_SIZE, PAGE_SIZE))
        ;
    assert_true(free_bytes(map) == 0 || map->reserved_count == MEMORY_RESERVED_MAX);
}

static void random_trees_agree_with_model(void **state)
{
    int usable = 0;

    (void)state;
    srand(4);
    for (int i = 0; i < TREES; i++) {
        struct memory_map map;
        int error = random_tree(&map);

        assert_true(error == 0 || error == -EINVAL);
        assert_agrees(&map, memory_map_next_mappable, NO_MAP);
        assert_int_equal(assert_agrees(&map, memory_map_next_free, RESERVED) > 0, error == 0);
        usable += error == 0;
        take_all(&map);
    }
    assert_true(usable > TREES / 2);
}

static void take_finds_no_place_for_the_impossible(void **state)
{
    struct memory_map map;

    (void)state;
    assert_int_equal(map_make(&map, usual), 0);
    assert_int_equal(memory_map_take(&map, GIB, PAGE_SIZE), 0);
    assert_int_equal(memory_map_take(&map, PAGE_SIZE, BIT(63)), 0);
    assert_int_equal(memory_map_take(&map, UINT64_MAX & PAGE_MASK, PAGE_SIZE), 0);
    assert_int_equal(memory_map_take(&map, 2 * MIB, 2 * MIB), BASE + 2 * MIB);
}

static void limit_reserves_the_highest_memory(void **state)
{
    static const struct {
        uint64_t limit, left;
    } cases[] = {{16 * MIB, 3 * MIB},
                 {3 * MIB, 3 * MIB},
                 {2 * MIB + 5, 2 * MIB},
                 {PAGE_SIZE + 1, PAGE_SIZE},
                 {0, 0}};
    struct memory_map map = {
        .bank_count = 2,
        .bank = {{BASE, BASE + MIB}, {BASE + 2 * MIB, BASE + 4 * MIB}},
    };
    struct memory_range r;
    paddr_t pos = BASE + 2 * MIB;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        memory_map_limit(&map, cases[i].limit);
        memory_map_check(&map);
        assert_int_equal(free_bytes(&map), cases[i].left);
    }
    assert_int_equal(memory_map_take(&map, PAGE_SIZE, PAGE_SIZE), 0);
    assert_true(memory_map_next_mappable(&map, &pos, &r));
    assert_int_equal(r.end, BASE + 4 * MIB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_tree_is_read_whole),
        cmocka_unit_test(banks_that_meet_inside_a_page_lose_nothing),
        cmocka_unit_test(hostile_trees_are_refused_or_cut),
        cmocka_unit_test(too_many_ranges_are_e2big),
        cmocka_unit_test(full_list_still_takes_what_joins),
        cmocka_unit_test(random_trees_agree_with_model),
        cmocka_unit_test(take_finds_no_place_for_the_impossible),
        cmocka_unit_test(limit_reserves_the_highest_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
