/*
 * The meaning of a device tree's nodes and properties (Devicetree Specification v0.4, chapters 2
 * and 3), on top of lib/fdt_blob.c's walks.
 *
 * A number in the tree is a row of big-endian 32-bit cells; how many a row has is said elsewhere in
 * the tree, by the parent (#address-cells, #size-cells) or by the interrupt controller
 * (#interrupt-cells). Each count read is checked to be one that this file can hold, and each value
 * to be long enough, before any cell is read.
 *
 * Lookups by path cost the depth times the children, those by phandle and fdt_parent the whole
 * tree.
 */
#include "lib/fdt.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "lib/types.h"

#define CELL_SIZE 4

/* Most cells that a number of 64 bits has. */
#define NUMBER_CELLS_MAX 2

/* #address-cells, #size-cells and #interrupt-cells above this are malformed; PCI has 3. */
#define CELLS_MAX 4

/* When the property is absent (2.3.5). */
#define ADDRESS_CELLS_DEFAULT 2
#define SIZE_CELLS_DEFAULT    1

/* An alias has at most 31 characters (3.3); longer ones are not found. */
#define ALIAS_NAME_MAX 32

/* Not phandles. */
#define PHANDLE_NONE    0
#define PHANDLE_INVALID 0xffffffffU

/* A range of addresses in bytes. */
struct region {
    uint64_t addr;
    uint64_t size;
};

/* An interrupt: its controller's node, and the first cell of its specifier. */
struct interrupt {
    int controller;
    uint32_t irq;
};

/* A number of up to two cells. */
static uint64_t read_cells(const uint8_t *p, int cells)
{
    switch (cells) {
    case 0:
        return 0;
    case 1:
        return get_be32(p);
    default:
        return get_be64(p);
    }
}

/* The name's first len characters as a child's name; see fdt_find_child. */
static int find_child(const struct fdt *fdt, int node, const char *name, size_t len)
{
    bool has_unit = memchr(name, '@', len) != NULL;
    int child = fdt_first_child(fdt, node);

    for (; child >= 0; child = fdt_next_sibling(fdt, child)) {
        const char *found = fdt_node_name(fdt, child);

        if (strncmp(found, name, len) != 0)
            continue;
        if (found[len] == '\0' || (found[len] == '@' && !has_unit))
            return child;
    }
    return child;
}

int fdt_find_child(const struct fdt *fdt, int node, const char *name)
{
    return find_child(fdt, node, name, strlen(name));
}

/* The length of the path component at the head of a path of len characters. */
static size_t component_length(const char *path, size_t len)
{
    const char *slash = memchr(path, '/', len);

    return slash ? (size_t)(slash - path) : len;
}

/* Goes down from node along the first len characters of path. */
static int walk_path(const struct fdt *fdt, int node, const char *path, size_t len)
{
    while (node >= 0 && len > 0) {
        size_t n = component_length(path, len);

        if (n > 0)
            node = find_child(fdt, node, path, n);
        else
            n = 1;
        path += n;
        len -= n;
    }
    return node;
}

/* The node that the alias of len characters stands for. */
static int find_alias(const struct fdt *fdt, const char *alias, size_t len)
{
    char name[ALIAS_NAME_MAX];
    const char *path;

    if (len == 0 || len >= sizeof(name))
        return -ENOENT;
    memcpy(name, alias, len);
    name[len] = '\0';
    path = fdt_get_string(fdt, fdt_find_child(fdt, fdt_root(fdt), "aliases"), name);
    if (!path)
        return -ENOENT;
    return path[0] == '/' ? walk_path(fdt, fdt_root(fdt), path, strlen(path)) : -EINVAL;
}

static int find_path(const struct fdt *fdt, const char *path, size_t len)
{
    size_t n = component_length(path, len);

    if (n == 0 && len > 0)
        return walk_path(fdt, fdt_root(fdt), path, len);
    return walk_path(fdt, find_alias(fdt, path, n), path + n, len - n);
}

int fdt_find_node(const struct fdt *fdt, const char *path)
{
    return find_path(fdt, path, strlen(path));
}

int fdt_by_phandle(const struct fdt *fdt, uint32_t phandle)
{
    int node = fdt_root(fdt);

    if (phandle == PHANDLE_NONE || phandle == PHANDLE_INVALID)
        return -ENOENT;
    for (; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
        uint32_t found;

        if (fdt_get_u32(fdt, node, "phandle", &found) == 0 && found == phandle)
            break;
    }
    return node;
}

int fdt_get_u32(const struct fdt *fdt, int node, const char *name, uint32_t *out)
{
    size_t len;
    const void *value = fdt_get_prop(fdt, node, name, &len);

    if (!value)
        return -ENOENT;
    if (len != CELL_SIZE)
        return -EINVAL;
    *out = get_be32(value);
    return 0;
}

int fdt_get_u64_cells(const struct fdt *fdt, int node, const char *name, uint64_t *out)
{
    size_t len;
    const void *value = fdt_get_prop(fdt, node, name, &len);

    if (!value)
        return -ENOENT;
    if (len != CELL_SIZE && len != NUMBER_CELLS_MAX * CELL_SIZE)
        return -EINVAL;
    *out = read_cells(value, (int)(len / CELL_SIZE));
    return 0;
}

const char *fdt_string_list(const struct fdt *fdt, int node, const char *name, unsigned index)
{
    size_t len;
    const char *s = fdt_get_prop(fdt, node, name, &len);

    while (len > 0) {
        size_t n = strnlen(s, len);

        if (n == len)
            break;
        if (index-- == 0)
            return s;
        s += n + 1;
        len -= n + 1;
    }
    return NULL;
}

const char *fdt_get_string(const struct fdt *fdt, int node, const char *name)
{
    return fdt_string_list(fdt, node, name, 0);
}

int fdt_string_index(const struct fdt *fdt, int node, const char *name, const char *str)
{
    const char *s;

    for (unsigned i = 0; (s = fdt_string_list(fdt, node, name, i)); i++) {
        if (strcmp(s, str) == 0)
            return (int)i;
    }
    return -ENOENT;
}

bool fdt_is_compatible(const struct fdt *fdt, int node, const char *compatible)
{
    return fdt_string_index(fdt, node, "compatible", compatible) >= 0;
}

bool fdt_is_enabled(const struct fdt *fdt, int node)
{
    const char *status = fdt_get_string(fdt, node, "status");

    if (!status)
        return fdt_node_name(fdt, node) && !fdt_get_prop(fdt, node, "status", NULL);
    return strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0;
}

/* A property that counts cells; absent says what its absence means. */
static int get_cells(const struct fdt *fdt, int node, const char *name, int absent)
{
    uint32_t cells;
    int err = fdt_get_u32(fdt, node, name, &cells);

    if (err == -ENOENT)
        return absent;
    if (err || cells > CELLS_MAX)
        return -EINVAL;
    return (int)cells;
}

int fdt_address_cells(const struct fdt *fdt, int node)
{
    return get_cells(fdt, node, "#address-cells", ADDRESS_CELLS_DEFAULT);
}

int fdt_size_cells(const struct fdt *fdt, int node)
{
    return get_cells(fdt, node, "#size-cells", SIZE_CELLS_DEFAULT);
}

static bool is_number(int cells)
{
    return cells >= 1 && cells <= NUMBER_CELLS_MAX;
}

/* Whether the region ends at or below 2^64. */
static bool region_is_valid(const struct region *region)
{
    return region->size == 0 || region->addr <= UINT64_MAX - (region->size - 1);
}

/* Entry number index of node's reg, with the cells of bus, its parent. */
static int read_reg(const struct fdt *fdt, int node, unsigned index, int bus, struct region *region)
{
    int address_cells = fdt_address_cells(fdt, bus);
    int size_cells = fdt_size_cells(fdt, bus);
    const uint8_t *reg;
    size_t len, entry;

    reg = fdt_get_prop(fdt, node, "reg", &len);
    if (!reg)
        return -ENOENT;
    if (!is_number(address_cells) || (size_cells != 0 && !is_number(size_cells)))
        return -EINVAL;
    entry = (size_t)(address_cells + size_cells) * CELL_SIZE;
    if (len % entry != 0)
        return -EINVAL;
    if (index >= len / entry)
        return -ENOENT;
    reg += index * entry;
    region->addr = read_cells(reg, address_cells);
    region->size = read_cells(reg + address_cells * CELL_SIZE, size_cells);
    return region_is_valid(region) ? 0 : -EINVAL;
}

/*
 * Moves the region from range, on the near side of a bus, to target on the far side. Returns false,
 * and leaves it, when it does not lie within the range.
 */
static bool region_move(struct region *region, const struct region *range, uint64_t target)
{
    uint64_t offset = region->addr - range->addr;

    if (region->addr < range->addr || offset >= range->size || region->size > range->size - offset)
        return false;
    region->addr = target + offset;
    return true;
}

/* Translates the region from bus's address space to that of parent, the bus above (2.3.8). */
static int translate(const struct fdt *fdt, int bus, int parent, struct region *region)
{
    int near = fdt_address_cells(fdt, bus), far = fdt_address_cells(fdt, parent);
    int size = fdt_size_cells(fdt, bus);
    size_t len, entry;
    const uint8_t *p = fdt_get_prop(fdt, bus, "ranges", &len);

    if (!p)
        return -ENXIO;
    if (len == 0)
        return 0;
    if (!is_number(near) || !is_number(far) || !is_number(size))
        return -EINVAL;
    entry = (size_t)(near + far + size) * CELL_SIZE;
    if (len % entry != 0)
        return -EINVAL;
    for (const uint8_t *end = p + len; p != end; p += entry) {
        struct region range = {
            .addr = read_cells(p, near),
            .size = read_cells(p + (near + far) * CELL_SIZE, size),
        };
        uint64_t target = read_cells(p + near * CELL_SIZE, far);

        if (!region_is_valid(&range) || target > UINT64_MAX - range.size)
            return -EINVAL;
        if (region_move(region, &range, target))
            return 0;
    }
    return -ENXIO;
}

int fdt_get_reg(const struct fdt *fdt, int node, unsigned index, uint64_t *addr, uint64_t *size)
{
    struct region region;
    int bus = fdt_parent(fdt, node);
    int err = bus < 0 ? bus : read_reg(fdt, node, index, bus, &region);

    if (err)
        return err;
    if (fdt_size_cells(fdt, bus) > 0) {
        int parent;

        for (; (parent = fdt_parent(fdt, bus)) >= 0; bus = parent) {
            err = translate(fdt, bus, parent, &region);
            if (err)
                return err;
        }
    }
    if (addr)
        *addr = region.addr;
    if (size)
        *size = region.size;
    return 0;
}

/*
 * The controller of the node's interrupts: from the node up, each says by phandle who is next, or
 * else it is the parent, until one has #interrupt-cells (2.4.1). A hostile tree may point in a
 * circle, so the steps are counted.
 */
static int interrupt_parent(const struct fdt *fdt, int node)
{
    for (int steps = 0; steps < FDT_MAX_DEPTH; steps++) {
        uint32_t phandle;
        int err = fdt_get_u32(fdt, node, "interrupt-parent", &phandle);

        if (err == -EINVAL)
            return err;
        node = err ? fdt_parent(fdt, node) : fdt_by_phandle(fdt, phandle);
        if (node < 0)
            return -EINVAL;
        if (fdt_get_prop(fdt, node, "#interrupt-cells", NULL))
            return node;
    }
    return -EINVAL;
}

/* How many bytes a specifier of this controller has; at least one cell. */
static int specifier_size(const struct fdt *fdt, int controller)
{
    int cells = get_cells(fdt, controller, "#interrupt-cells", -EINVAL);

    return cells > 0 ? cells * CELL_SIZE : -EINVAL;
}

/* Entry number index of a value of len bytes that lists pairs of phandle and specifier. */
static int read_extended(const struct fdt *fdt, const uint8_t *p, size_t len, unsigned index,
                         struct interrupt *found)
{
    while (len >= CELL_SIZE) {
        uint32_t phandle = get_be32(p);
        int controller = fdt_by_phandle(fdt, phandle);
        int size = phandle == PHANDLE_NONE ? 0 : specifier_size(fdt, controller);

        p += CELL_SIZE;
        len -= CELL_SIZE;
        if (size < 0 || (size_t)size > len)
            return -EINVAL;
        if (index-- == 0) {
            if (phandle == PHANDLE_NONE)
                return -ENXIO;
            *found = (struct interrupt){controller, get_be32(p)};
            return 0;
        }
        p += size;
        len -= (size_t)size;
    }
    return len == 0 ? -ENOENT : -EINVAL;
}

/* Entry number index of the node's interrupts. */
static int read_interrupts(const struct fdt *fdt, int node, unsigned index, struct interrupt *found)
{
    size_t len;
    const uint8_t *p = fdt_get_prop(fdt, node, "interrupts", &len);
    int controller, size;

    if (!p)
        return -ENOENT;
    controller = interrupt_parent(fdt, node);
    size = specifier_size(fdt, controller);
    if (size <= 0 || len % (size_t)size != 0)
        return -EINVAL;
    if (index >= len / (size_t)size)
        return -ENOENT;
    *found = (struct interrupt){controller, get_be32(p + (size_t)index * (size_t)size)};
    return 0;
}

int fdt_interrupt(const struct fdt *fdt, int node, unsigned index, int *parent, uint32_t *irq)
{
    struct interrupt found;
    size_t len;
    const void *value = fdt_get_prop(fdt, node, "interrupts-extended", &len);
    int err = value ? read_extended(fdt, value, len, index, &found)
                    : read_interrupts(fdt, node, index, &found);

    if (err)
        return err;
    *parent = found.controller;
    *irq = found.irq;
    return 0;
}

int fdt_stdout(const struct fdt *fdt, int *node, const char **options)
{
    int chosen = fdt_find_child(fdt, fdt_root(fdt), "chosen");
    const char *path = fdt_get_string(fdt, chosen, "stdout-path");
    const char *colon;
    int found;

    if (!path)
        return fdt_get_prop(fdt, chosen, "stdout-path", NULL) ? -EINVAL : -ENOENT;
    colon = strchr(path, ':');
    found = find_path(fdt, path, colon ? (size_t)(colon - path) : strlen(path));
    if (found < 0)
        return found;
    if (node)
        *node = found;
    if (options)
        *options = colon ? colon + 1 : NULL;
    return 0;
}
