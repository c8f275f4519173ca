/*
 * The device tree reader: a tree that dtc compiles from the source below, trees built token by
 * token to break one rule each, every truncation, and 2,000 random mutations.
 *
 * Every blob that is not meant to be whole lies on the heap in exactly its size, so
 * AddressSanitizer sees each byte read outside.
 */
// uses: lib/fdt.c lib/fdt_blob.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/fdt.h"
#include "lib/types.h"
#include <cmocka.h>

#define BLOB_MAX  65536
#define MUTATIONS 2000

static const char source[] =
    "/dts-v1/;\n"
    "/memreserve/ 0x80000000 0x40000;\n"
    "/memreserve/ 0x90000800 0x123;\n"
    "/ {\n"
    "  #address-cells = <2>; #size-cells = <2>; compatible = \"fathom,test\", \"fathom,any\";\n"
    "  interrupt-parent = <&plic>;\n"
    "  aliases { serial0 = &uart; bad = \"soc\"; };\n"
    "  chosen { stdout-path = \"serial0:115200n8\"; linux,initrd-start = <0x1 0x2>; };\n"
    "  memory@80000000 { device_type = \"memory\";\n"
    "    reg = <0x0 0x80000000 0x0 0x40000000>, <0x4 0x0 0x1 0x0>; };\n"
    "  cpus { #address-cells = <1>; #size-cells = <0>; timebase-frequency = <10000000>;\n"
    "    cpu@0 { reg = <0>; status = \"okay\";\n"
    "      cpu0: interrupt-controller { #interrupt-cells = <1>; interrupt-controller; }; };\n"
    "    cpu@7 { reg = <7>; status = \"disabled\";\n"
    "      cpu7: interrupt-controller { #interrupt-cells = <1>; interrupt-controller; }; };\n"
    "  };\n"
    "  soc { #address-cells = <2>; #size-cells = <2>; compatible = \"simple-bus\"; ranges;\n"
    "    plic: plic@c000000 { #interrupt-cells = <1>; interrupt-controller;\n"
    "      reg = <0x0 0xc000000 0x0 0x600000>; compatible = \"sifive,plic-1.0.0\";\n"
    "      interrupts-extended = <&cpu0 11>, <0>, <&gpio 5 6>, <&cpu7 0xffffffff>; };\n"
    "    uart: serial@10000000 { compatible = \"ns16550a\", \"ns16550\"; reg-names = \"a\", \"\", "
    "\"c\";\n"
    "      reg = <0x0 0x10000000 0x0 0x100>; interrupts = <10>, <12>; empty; };\n"
    "    gpio: gpio@10010000 { #interrupt-cells = <2>; interrupt-controller; };\n"
    "    bus@20000000 { #address-cells = <1>; #size-cells = <1>;\n"
    "      ranges = <0x0 0x0 0x20000000 0x1000>, <0x8000 0x1 0x0 0x8000>;\n"
    "      interrupt-parent = <&gpio>;\n"
    "      bus@8000 { #address-cells = <1>; #size-cells = <1>; ranges = <0x100 0x8100 0x200>;\n"
    "        device@180 { reg = <0x180 0x80>, <0x2f0 0x20>, <0x180 0xffffffff>;\n"
    "          interrupts = <3 4>, <5 6>; compatible = \"ns16550\"; };\n"
    "      };\n"
    "      device@ff0 { reg = <0xff0 0x10>, <0xff0 0x11>, <0x7000 0x10>, <0xffff 0x1>; };\n"
    "    };\n"
    "    closed { #address-cells = <1>; #size-cells = <1>; device@4 { reg = <4 4>; }; };\n"
    "    i2c { #address-cells = <1>; #size-cells = <0>; pmic@36 { reg = <0x36>; }; };\n"
    "    pci { #address-cells = <3>; #size-cells = <2>; device_type = \"pci\";\n"
    "      ranges = <0x2000000 0x0 0x40000000 0x0 0x40000000 0x0 0x40000000>;\n"
    "      card@0 { reg = <0 0 0 0 0>; }; };\n"
    "    odd { #address-cells = <9>; status = [6f 6b]; one { reg = <1>; }; };\n"
    "    wrap { #address-cells = <2>; #size-cells = <2>; ranges;\n"
    "      one { reg = <0xffffffff 0xfffff000 0x0 0x1000>; };\n"
    "      two { reg = <0xffffffff 0xfffff000 0x0 0x1001>; };\n"
    "      three { reg = <0xffffffff 0xfffff000 0x0>; }; };\n"
    "    loop { interrupt-parent = <&looper>; interrupts = <1>; };\n"
    "    looper: looper { interrupt-parent = <&looper>; };\n"
    "    lost { interrupt-parent = <0x4444>; interrupts = <1>; };\n"
    "    ragged { interrupt-parent = <&gpio>; interrupts = <1 2 3>; };\n"
    "    short { interrupts-extended = <&cpu0 1>, <&gpio 1>; };\n"
    "  };\n"
    "};\n";

struct tree {
    struct fdt fdt;
    uint8_t *blob;
    size_t size;
};

static struct tree tree;

/* Compiles the source with dtc. */
static int tree_setup(void **state)
{
    char dts[] = "/tmp/fathom-test-fdt-XXXXXX", command[128];
    int fd = mkstemp(dts);
    FILE *out;

    (void)state;
    if (fd < 0 || write(fd, source, sizeof(source) - 1) != (ssize_t)sizeof(source) - 1)
        return -1;
    close(fd);
    snprintf(command, sizeof(command), "dtc -q -f -I dts -O dtb %s", dts);
    out = popen(command, "r");
    tree.blob = malloc(BLOB_MAX);
    tree.size = out ? fread(tree.blob, 1, BLOB_MAX, out) : 0;
    if (!out || pclose(out) != 0 || tree.size == 0)
        fprintf(stderr, "test_fdt: dtc (device-tree-compiler) made no tree\n");
    unlink(dts);
    tree.blob = realloc(tree.blob, tree.size);
    return fdt_init(&tree.fdt, tree.blob, tree.size);
}

static int tree_teardown(void **state)
{
    (void)state;
    free(tree.blob);
    return 0;
}

static int at(const char *path)
{
    int node = fdt_find_node(&tree.fdt, path);

    if (node < 0)
        fail_msg("no node %s: %d", path, node);
    return node;
}

static void walks_visit_every_node_once(void **state)
{
    const struct fdt *fdt = &tree.fdt;
    int depth = -1, count = 0, children = 0;

    (void)state;
    for (int n = fdt_next_node(fdt, -1, &depth); n >= 0; n = fdt_next_node(fdt, n, &depth)) {
        int up = 0;

        for (int p = fdt_parent(fdt, n); p >= 0; p = fdt_parent(fdt, p))
            up++;
        assert_int_equal(up, depth);
        for (int c = fdt_first_child(fdt, n); c >= 0; c = fdt_next_sibling(fdt, c)) {
            assert_int_equal(fdt_parent(fdt, c), n);
            children++;
        }
        count++;
    }
    assert_int_equal(count, 34);
    assert_int_equal(children, count - 1);
    assert_int_equal(fdt_parent(fdt, fdt_root(fdt)), -ENOENT);
    assert_int_equal(fdt_next_sibling(fdt, fdt_root(fdt)), -ENOENT);
    assert_string_equal(fdt_node_name(fdt, fdt_root(fdt)), "");
}

static void paths_and_aliases_find_nodes(void **state)
{
    const struct fdt *fdt = &tree.fdt;

    (void)state;
    assert_int_equal(fdt_find_node(fdt, "/"), fdt_root(fdt));
    assert_string_equal(fdt_node_name(fdt, at("/soc/serial@10000000")), "serial@10000000");
    assert_int_equal(at("/soc/serial"), at("/soc/serial@10000000"));
    assert_int_equal(at("//soc//serial/"), at("/soc/serial"));
    assert_int_equal(at("serial0"), at("/soc/serial"));
    assert_int_equal(fdt_find_node(fdt, "serial0/none"), -ENOENT);
    assert_int_equal(fdt_find_node(fdt, "/soc/ser"), -ENOENT);
    assert_int_equal(fdt_find_node(fdt, "/soc/serial@1"), -ENOENT);
    assert_int_equal(fdt_find_node(fdt, "/soc/serial@10000000@"), -ENOENT);
    assert_int_equal(fdt_find_node(fdt, "serial1"), -ENOENT);
    assert_int_equal(fdt_find_node(fdt, "bad"), -EINVAL);
    assert_int_equal(fdt_find_node(fdt, ""), -ENOENT);
    assert_int_equal(fdt_find_node(fdt, "an-alias-of-more-than-31-characters-that-is"), -ENOENT);
    assert_int_equal(fdt_find_child(fdt, at("/soc"), "plic"), at("/soc/plic"));
}

static void properties_are_read_with_their_kind(void **state)
{
    const struct fdt *fdt = &tree.fdt;
    int uart = at("/soc/serial"), odd = at("/soc/odd");
    uint64_t number;
    uint32_t cell;
    size_t len = 99;

    (void)state;
    assert_non_null(fdt_get_prop(fdt, uart, "empty", &len));
    assert_int_equal(len, 0);
    assert_null(fdt_get_prop(fdt, uart, "interrupt", &len));
    assert_int_equal(fdt_get_u32(fdt, at("/cpus"), "timebase-frequency", &cell), 0);
    assert_int_equal(cell, 10000000);
    assert_int_equal(fdt_get_u32(fdt, uart, "reg", &cell), -EINVAL);
    assert_int_equal(fdt_get_u32(fdt, uart, "none", &cell), -ENOENT);
    assert_int_equal(fdt_get_u64_cells(fdt, at("/chosen"), "linux,initrd-start", &number), 0);
    assert_int_equal(number, 0x100000002);
    assert_int_equal(fdt_get_u64_cells(fdt, at("/cpus/cpu@7"), "reg", &number), 0);
    assert_int_equal(number, 7);
    assert_int_equal(fdt_get_u64_cells(fdt, uart, "reg", &number), -EINVAL);
    assert_int_equal(fdt_get_u64_cells(fdt, uart, "none", &number), -ENOENT);
    assert_string_equal(fdt_get_string(fdt, uart, "compatible"), "ns16550a");
    assert_null(fdt_get_string(fdt, odd, "status"));
    assert_null(fdt_get_string(fdt, uart, "empty"));
    assert_string_equal(fdt_string_list(fdt, uart, "reg-names", 1), "");
    assert_null(fdt_string_list(fdt, uart, "reg-names", 3));
    assert_int_equal(fdt_string_index(fdt, uart, "reg-names", "c"), 2);
    assert_int_equal(fdt_string_index(fdt, uart, "reg-names", "d"), -ENOENT);
}

static void status_and_compatible_choose_nodes(void **state)
{
    const struct fdt *fdt = &tree.fdt;

    (void)state;
    assert_true(fdt_is_enabled(fdt, at("/cpus/cpu@0")));
    assert_false(fdt_is_enabled(fdt, at("/cpus/cpu@7")));
    assert_true(fdt_is_enabled(fdt, at("/soc")));
    assert_false(fdt_is_enabled(fdt, at("/soc/odd")));
    assert_true(fdt_is_compatible(fdt, at("/soc/serial"), "ns16550"));
    assert_false(fdt_is_compatible(fdt, at("/soc/serial"), "ns1655"));
    assert_true(fdt_is_compatible(fdt, fdt_root(fdt), "fathom,any"));
    assert_true(fdt_is_compatible(fdt, at("/soc/bus/bus/device"), "ns16550"));
}

struct reg_case {
    const char *path;
    unsigned index;
    int err;
    uint64_t addr, size;
};

static const struct reg_case regs[] = {
    {"/memory", 0, 0, 0x80000000, 0x40000000},
    {"/memory", 1, 0, 0x400000000, 0x100000000},
    {"/memory", 2, -ENOENT, 0, 0},
    {"/memory", 0xffffffff, -ENOENT, 0, 0},
    {"/chosen", 0, -ENOENT, 0, 0},
    {"/", 0, -ENOENT, 0, 0},
    {"/soc/serial", 0, 0, 0x10000000, 0x100},
    {"/soc/bus/device", 0, 0, 0x20000ff0, 0x10},
    {"/soc/bus/device", 1, -ENXIO, 0, 0}, /* one byte longer than the range */
    {"/soc/bus/device", 2, -ENXIO, 0, 0}, /* between the ranges */
    {"/soc/bus/device", 3, 0, 0x100007fff, 1},
    {"/soc/bus/bus/device", 0, 0, 0x100000180, 0x80},
    {"/soc/bus/bus/device", 1, -ENXIO, 0, 0},
    {"/soc/bus/bus/device", 2, -ENXIO, 0, 0},
    {"/soc/closed/device", 0, -ENXIO, 0, 0},
    {"/soc/i2c/pmic", 0, 0, 0x36, 0},
    {"/cpus/cpu@7", 0, 0, 7, 0},
    {"/soc/pci/card", 0, -EINVAL, 0, 0},
    {"/soc/odd/one", 0, -EINVAL, 0, 0},
    {"/soc/wrap/one", 0, 0, 0xfffffffffffff000, 0x1000},
    {"/soc/wrap/two", 0, -EINVAL, 0, 0},
    {"/soc/wrap/three", 0, -EINVAL, 0, 0},
};

static void registers_are_translated_to_physical(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(regs); i++) {
        const struct reg_case *c = &regs[i];
        uint64_t addr = 0, size = 0;
        int err = fdt_get_reg(&tree.fdt, at(c->path), c->index, &addr, &size);

        if (err != c->err || addr != c->addr || size != c->size)
            fail_msg("%s reg %u: %d %#lx %#lx", c->path, c->index, err, (unsigned long)addr,
                     (unsigned long)size);
    }
    assert_int_equal(fdt_get_reg(&tree.fdt, at("/memory"), 0, NULL, NULL), 0);
    assert_int_equal(fdt_address_cells(&tree.fdt, at("/memory")), 2);
    assert_int_equal(fdt_size_cells(&tree.fdt, at("/memory")), 1);
    assert_int_equal(fdt_address_cells(&tree.fdt, at("/soc/odd")), -EINVAL);
}

struct interrupt_case {
    const char *path;
    unsigned index;
    int err;
    const char *parent;
    uint32_t irq;
};

static const struct interrupt_case interrupts[] = {
    {"/soc/serial", 0, 0, "/soc/plic", 10},
    {"/soc/serial", 1, 0, "/soc/plic", 12},
    {"/soc/serial", 2, -ENOENT, NULL, 0},
    {"/soc/bus/bus/device", 1, 0, "/soc/gpio", 5},
    {"/soc/plic", 0, 0, "/cpus/cpu@0/interrupt-controller", 11},
    {"/soc/plic", 1, -ENXIO, NULL, 0},
    {"/soc/plic", 2, 0, "/soc/gpio", 5},
    {"/soc/plic", 3, 0, "/cpus/cpu@7/interrupt-controller", 0xffffffff},
    {"/soc/plic", 4, -ENOENT, NULL, 0},
    {"/soc/short", 0, 0, "/cpus/cpu@0/interrupt-controller", 1},
    {"/soc/short", 1, -EINVAL, NULL, 0},
    {"/soc/loop", 0, -EINVAL, NULL, 0},
    {"/soc/lost", 0, -EINVAL, NULL, 0},
    {"/soc/ragged", 0, -EINVAL, NULL, 0},
    {"/soc/i2c", 0, -ENOENT, NULL, 0},
};

static void interrupts_find_their_controller(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(interrupts); i++) {
        const struct interrupt_case *c = &interrupts[i];
        int parent = -1, err;
        uint32_t irq = 0;

        err = fdt_interrupt(&tree.fdt, at(c->path), c->index, &parent, &irq);
        if (err != c->err || irq != c->irq || parent != (c->parent ? at(c->parent) : -1))
            fail_msg("%s interrupt %u: %d node %d irq %u", c->path, c->index, err, parent, irq);
    }
}

static void phandles_find_nodes(void **state)
{
    uint32_t phandle;

    (void)state;
    assert_int_equal(fdt_get_u32(&tree.fdt, at("/soc/gpio"), "phandle", &phandle), 0);
    assert_int_equal(fdt_by_phandle(&tree.fdt, phandle), at("/soc/gpio"));
    assert_int_equal(fdt_by_phandle(&tree.fdt, 0), -ENOENT);
    assert_int_equal(fdt_by_phandle(&tree.fdt, 0xffffffff), -ENOENT);
    assert_int_equal(fdt_by_phandle(&tree.fdt, 0x4444), -ENOENT);
}

static void stdout_and_reserved_memory_are_found(void **state)
{
    const char *options;
    uint64_t addr, size;
    int node;

    (void)state;
    assert_int_equal(fdt_stdout(&tree.fdt, &node, &options), 0);
    assert_int_equal(node, at("/soc/serial"));
    assert_string_equal(options, "115200n8");
    assert_int_equal(fdt_reserved_map(&tree.fdt, 0, &addr, &size), 0);
    assert_true(addr == 0x80000000 && size == 0x40000);
    assert_int_equal(fdt_reserved_map(&tree.fdt, 1, &addr, &size), 0);
    assert_true(addr == 0x90000800 && size == 0x123);
    assert_int_equal(fdt_reserved_map(&tree.fdt, 2, &addr, &size), -ENOENT);
    assert_int_equal(fdt_reserved_map(&tree.fdt, 0xffffffff, &addr, &size), -ENOENT);
}

static void a_negative_node_is_refused_by_all(void **state)
{
    const struct fdt *fdt = &tree.fdt;
    uint64_t n64;
    uint32_t n32;
    int node;

    (void)state;
    for (int bad = -3; bad < 0; bad++) {
        assert_true(fdt_first_child(fdt, bad) < 0 && fdt_next_sibling(fdt, bad) < 0);
        assert_true(fdt_parent(fdt, bad) < 0 && fdt_find_child(fdt, bad, "soc") < 0);
        assert_null(fdt_node_name(fdt, bad));
        assert_null(fdt_get_prop(fdt, bad, "reg", NULL));
        assert_null(fdt_get_string(fdt, bad, "status"));
        assert_false(fdt_is_enabled(fdt, bad) || fdt_is_compatible(fdt, bad, "ns16550"));
        assert_true(fdt_get_reg(fdt, bad, 0, &n64, &n64) < 0);
        assert_true(fdt_interrupt(fdt, bad, 0, &node, &n32) < 0);
    }
}

/* Calls all of the interface on every node; only the sanitizers judge. */
static void use_all(const struct fdt *fdt)
{
    static const char *const names[] = {"reg", "compatible", "status", "ranges", "phandle"};
    const char *options;
    uint64_t n64;
    uint32_t n32;
    int found;

    fdt_stdout(fdt, &found, &options);
    fdt_find_node(fdt, "serial0");
    fdt_find_node(fdt, "/soc/bus@20000000/bus@8000/device@180");
    for (unsigned i = 0; fdt_reserved_map(fdt, i, &n64, &n64) == 0; i++)
        ;
    for (int n = fdt_root(fdt); n >= 0; n = fdt_next_node(fdt, n, NULL)) {
        assert_non_null(fdt_node_name(fdt, n));
        assert_true(n == fdt_root(fdt) || fdt_parent(fdt, n) >= 0);
        fdt_next_sibling(fdt, n);
        fdt_is_enabled(fdt, n);
        fdt_is_compatible(fdt, n, "ns16550");
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
            fdt_get_u32(fdt, n, names[i], &n32);
            fdt_get_u64_cells(fdt, n, names[i], &n64);
            fdt_string_list(fdt, n, names[i], 3);
        }
        for (unsigned i = 0; i < 4; i++) {
            fdt_get_reg(fdt, n, i, &n64, &n64);
            fdt_interrupt(fdt, n, i, &found, &n32);
        }
    }
}

/* Small numbers and cell counts do more harm than random bytes. */
static void mutate(uint8_t *blob, size_t size)
{
    for (int i = rand() % 12; i >= 0; i--) {
        size_t where = (size_t)rand() % size, cell = ALIGN_DOWN(where, 4UL);

        switch (rand() % 4) {
        case 0:
            blob[where] = (uint8_t)rand();
            break;
        case 1:
            blob[where] ^= (uint8_t)(1 << rand() % 8);
            break;
        case 2:
            put_be32(blob + cell, (uint32_t)(rand() % 12));
            break;
        case 3:
            put_be32(blob + cell, (uint32_t) - (rand() % 12));
            break;
        }
    }
}

static void mutations_are_refused_or_read_safely(void **state)
{
    int accepted = 0;

    (void)state;
    for (int i = 0; i < MUTATIONS; i++) {
        uint8_t *blob = malloc(tree.size);
        struct fdt fdt;

        memcpy(blob, tree.blob, tree.size);
        mutate(blob, i % 5 == 0 ? 40 : tree.size);
        if (fdt_init(&fdt, blob, tree.size) == 0) {
            use_all(&fdt);
            accepted++;
        }
        free(blob);
    }
    assert_in_range(accepted, MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
}

/* Cut off, with the header as it was and with a total size that agrees. */
static void truncations_are_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < tree.size; size++) {
        uint8_t *blob = malloc(size + 1);
        struct fdt fdt;

        blob[size] = 0;
        memcpy(blob, tree.blob, size);
        assert_int_equal(fdt_init(&fdt, blob, size), -EINVAL);
        if (size >= 8) {
            put_be32(blob + 4, (uint32_t)size);
            assert_int_equal(fdt_init(&fdt, blob, size), -EINVAL);
        }
        free(blob);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_visit_every_node_once),
        cmocka_unit_test(paths_and_aliases_find_nodes),
        cmocka_unit_test(properties_are_read_with_their_kind),
        cmocka_unit_test(status_and_compatible_choose_nodes),
        cmocka_unit_test(registers_are_translated_to_physical),
        cmocka_unit_test(interrupts_find_their_controller),
        cmocka_unit_test(phandles_find_nodes),
        cmocka_unit_test(stdout_and_reserved_memory_are_found),
        cmocka_unit_test(a_negative_node_is_refused_by_all),
        cmocka_unit_test(mutations_are_refused_or_read_safely),
        cmocka_unit_test(truncations_are_refused),
    };

    return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
