/*
 * Ranges of physical memory, read from the device tree.
 *
 * A list of ranges is an array kept sorted and apart; ranges_insert() is the one place where a
 * range enters, and joins it with all that it overlaps or touches:
 *
 *   before   [a....)      [b....)     [c....)
 *   insert          [x......)
 *   after    [a....)[...........)...        -> touching ones become one: [a............) [c....)
 *
 * Banks are collected with the tree's own edges and rounded when all are known, so that two banks
 * which meet in the middle of a page lose nothing.
 *
 * The reg of memory nodes and of /reserved-memory's children is read here with the parent's cells
 * and without translation, as Linux does it (drivers/of/fdt.c, of_reserved_mem.c): both stand at
 * the root's address space, and boards exist whose /reserved-memory has no ranges.
 */
#include "mm/alloc/memory_map.h"

#include "arch/address.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/string.h"

/* Sv39 has physical addresses of 56 bits (Privileged spec 1.12, 4.4.1). */
#define PHYS_LIMIT (UINT64_C(1) << 56)

#define CELL_BYTES    4
#define REG_CELLS_MAX 2 /* cells of an address or a size that fit a uint64_t */

/* How the children of a node write their reg. */
struct reg_format {
    unsigned address_cells, size_cells;
};

static uint64_t saturating_end(uint64_t start, uint64_t size)
{
    return size > UINT64_MAX - start ? UINT64_MAX : start + size;
}

/* Adds r to the list of *count ranges, of which `max` fit. r is not empty. 0 or -E2BIG. */
static int ranges_insert(struct memory_range *list, size_t *count, size_t max,
                         struct memory_range r)
{
    size_t first = 0, after;

    while (first < *count && list[first].end < r.start)
        first++;
    for (after = first; after < *count && list[after].start <= r.end; after++) {
        r.start = MIN(r.start, list[after].start);
        r.end = MAX(r.end, list[after].end);
    }
    if (after == first && *count == max)
        return -E2BIG;
    memmove(&list[first + 1], &list[after], (*count - after) * sizeof(list[0]));
    *count = *count - (after - first) + 1;
    list[first] = r;
    return 0;
}

/* Adds [start, end), rounded outwards, to the list. 0 or -E2BIG. */
static int ranges_insert_pages(struct memory_range *list, size_t *count, size_t max, paddr_t start,
                               paddr_t end)
{
    struct memory_range r = {
        .start = ALIGN_DOWN(start, PAGE_SIZE),
        .end = ALIGN_UP(MIN(end, PHYS_LIMIT), PAGE_SIZE),
    };

    if (start >= end || r.start >= r.end)
        return 0;
    return ranges_insert(list, count, max, r);
}

int memory_map_reserve(struct memory_map *map, paddr_t start, paddr_t end)
{
    return ranges_insert_pages(map->reserved, &map->reserved_count, MEMORY_RESERVED_MAX, start,
                               end);
}

static int reserve_no_map(struct memory_map *map, paddr_t start, paddr_t end)
{
    int error = memory_map_reserve(map, start, end);

    if (error)
        return error;
    return ranges_insert_pages(map->no_map, &map->no_map_count, MEMORY_NO_MAP_MAX, start, end);
}

static int reg_format_read(const struct fdt *fdt, int parent, struct reg_format *format)
{
    int address_cells = fdt_address_cells(fdt, parent);
    int size_cells = fdt_size_cells(fdt, parent);

    if (address_cells < 1 || address_cells > REG_CELLS_MAX || size_cells < 1 ||
        size_cells > REG_CELLS_MAX)
        return -EINVAL;
    format->address_cells = (unsigned)address_cells;
    format->size_cells = (unsigned)size_cells;
    return 0;
}

static uint64_t cells_read(const uint8_t *p, unsigned cells)
{
    return cells == 1 ? get_be32(p) : get_be64(p);
}

/*
 * Entry number index of the node's reg. 0, -ENOENT after the last or when there is no reg, -EINVAL
 * when the reg does not end with a whole entry.
 */
static int reg_read(const struct fdt *fdt, int node, const struct reg_format *format,
                    unsigned index, struct memory_range *range)
{
    size_t len, entry = (format->address_cells + format->size_cells) * CELL_BYTES;
    const uint8_t *p = fdt_get_prop(fdt, node, "reg", &len);

    if (!p || index >= DIV_ROUND_UP(len, entry))
        return -ENOENT;
    if (len - index * entry < entry)
        return -EINVAL;
    p += index * entry;
    range->start = cells_read(p, format->address_cells);
    p += format->address_cells * CELL_BYTES;
    range->end = saturating_end(range->start, cells_read(p, format->size_cells));
    return 0;
}

static bool is_memory_node(const struct fdt *fdt, int node)
{
    const char *type = fdt_get_string(fdt, node, "device_type");

    return type && strcmp(type, "memory") == 0 && fdt_is_enabled(fdt, node);
}

/* Collects the banks with the edges that the tree gives; what cannot be read is no memory. */
static int read_banks(struct memory_map *map, const struct fdt *fdt)
{
    struct reg_format format;
    struct memory_range r;
    int node, error = reg_format_read(fdt, fdt_root(fdt), &format);

    if (error)
        return error;
    for (node = fdt_first_child(fdt, fdt_root(fdt)); node >= 0;
         node = fdt_next_sibling(fdt, node)) {
        if (!is_memory_node(fdt, node))
            continue;
        for (unsigned i = 0; reg_read(fdt, node, &format, i, &r) == 0; i++) {
            if (r.start >= r.end)
                continue;
            error = ranges_insert(map->bank, &map->bank_count, MEMORY_BANKS_MAX, r);
            if (error)
                return error;
        }
    }
    return 0;
}

/* Rounds all banks inwards and leaves out what cannot be used. */
static void trim_banks(struct memory_map *map)
{
    size_t kept = 0;

    for (size_t i = 0; i < map->bank_count; i++) {
        struct memory_range r = {
            .start = ALIGN_UP(MAX(MIN(map->bank[i].start, LINEAR_LIMIT), PAGE_SIZE), PAGE_SIZE),
            .end = ALIGN_DOWN(MIN(map->bank[i].end, LINEAR_LIMIT), PAGE_SIZE),
        };

        if (r.start < r.end)
            map->bank[kept++] = r;
    }
    map->bank_count = kept;
}

static int read_reservation_block(struct memory_map *map, const struct fdt *fdt)
{
    uint64_t start, size;

    for (unsigned i = 0; fdt_reserved_map(fdt, i, &start, &size) == 0; i++) {
        int error = memory_map_reserve(map, start, saturating_end(start, size));

        if (error)
            return error;
    }
    return 0;
}

/* All entries of the reg of one child of /reserved-memory. */
static int read_reserved_node(struct memory_map *map, const struct fdt *fdt, int node,
                              const struct reg_format *format)
{
    bool no_map = fdt_get_prop(fdt, node, "no-map", NULL) != NULL;
    struct memory_range r;
    int error;

    for (unsigned i = 0; (error = reg_read(fdt, node, format, i, &r)) == 0; i++) {
        error =
            no_map ? reserve_no_map(map, r.start, r.end) : memory_map_reserve(map, r.start, r.end);
        if (error)
            return error;
    }
    return error == -ENOENT ? 0 : error;
}

static int read_reserved_memory(struct memory_map *map, const struct fdt *fdt)
{
    struct reg_format format;
    int node, parent = fdt_find_node(fdt, "/reserved-memory");

    if (parent < 0)
        return 0;
    node = fdt_first_child(fdt, parent);
    if (node < 0)
        return 0;
    if (reg_format_read(fdt, parent, &format))
        return -EINVAL;
    for (; node >= 0; node = fdt_next_sibling(fdt, node)) {
        int error = fdt_is_enabled(fdt, node) ? read_reserved_node(map, fdt, node, &format) : 0;

        if (error)
            return error;
    }
    return 0;
}

static int read_initrd(struct memory_map *map, const struct fdt *fdt)
{
    uint64_t start, end;
    int chosen = fdt_find_node(fdt, "/chosen");

    if (chosen < 0 || fdt_get_u64_cells(fdt, chosen, "linux,initrd-start", &start) ||
        fdt_get_u64_cells(fdt, chosen, "linux,initrd-end", &end))
        return 0;
    return memory_map_reserve(map, start, end);
}

int memory_map_init(struct memory_map *map, const struct fdt *fdt)
{
    struct memory_range r;
    paddr_t pos = 0;
    int error;

    memset(map, 0, sizeof(*map));
    error = read_banks(map, fdt);
    if (error)
        return error;
    trim_banks(map);
    error = read_reservation_block(map, fdt);
    if (!error)
        error = read_reserved_memory(map, fdt);
    if (!error)
        error = read_initrd(map, fdt);
    if (error)
        return error;
    return memory_map_next_free(map, &pos, &r) ? 0 : -EINVAL;
}

void memory_map_limit(struct memory_map *map, uint64_t bytes)
{
    uint64_t left = ALIGN_DOWN(bytes, PAGE_SIZE);

    for (size_t i = 0; i < map->bank_count; i++) {
        struct memory_range *bank = &map->bank[i];
        uint64_t keep = MIN(bank->end - bank->start, left);

        left -= keep;
        if (memory_map_reserve(map, bank->start + keep, bank->end)) {
            map->bank_count = i; /* no room to note it: then do without */
            return;
        }
    }
}

/* The first range of the list that ends above pos, or NULL. */
static const struct memory_range *range_above(const struct memory_range *list, size_t count,
                                              paddr_t pos)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].end > pos)
            return &list[i];
    return NULL;
}

/* The next piece of the banks at or above *pos that is in none of the count holes. */
static bool next_outside(const struct memory_map *map, const struct memory_range *holes,
                         size_t count, paddr_t *pos, struct memory_range *range)
{
    const struct memory_range *bank, *hole;

    while ((bank = range_above(map->bank, map->bank_count, *pos))) {
        range->start = MAX(*pos, bank->start);
        hole = range_above(holes, count, range->start);
        if (!hole || hole->start > range->start) {
            range->end = hole ? MIN(bank->end, hole->start) : bank->end;
            *pos = range->end;
            return true;
        }
        *pos = hole->end;
    }
    return false;
}

bool memory_map_next_free(const struct memory_map *map, paddr_t *pos, struct memory_range *range)
{
    return next_outside(map, map->reserved, map->reserved_count, pos, range);
}

bool memory_map_next_mappable(const struct memory_map *map, paddr_t *pos,
                              struct memory_range *range)
{
    return next_outside(map, map->no_map, map->no_map_count, pos, range);
}

paddr_t memory_map_take(struct memory_map *map, uint64_t size, uint64_t align)
{
    struct memory_range r;
    paddr_t pos = 0;

    assert(size > 0 && IS_ALIGNED(size, PAGE_SIZE));
    assert(is_power_of_two(align) && align >= PAGE_SIZE);
    while (memory_map_next_free(map, &pos, &r)) {
        paddr_t start = ALIGN_UP(r.start, align);

        if (start >= r.start && start < r.end && size <= r.end - start)
            return memory_map_reserve(map, start, start + size) ? 0 : start;
    }
    return 0;
}

static void ranges_check(const struct memory_range *list, size_t count, size_t max)
{
    assert(count <= max);
    for (size_t i = 0; i < count; i++) {
        assert(IS_ALIGNED(list[i].start | list[i].end, PAGE_SIZE));
        assert(list[i].start < list[i].end);
        assert(i == 0 || list[i - 1].end < list[i].start);
    }
}

/* Whether one range of the list holds the whole of r. */
static bool ranges_hold(const struct memory_range *list, size_t count, struct memory_range r)
{
    const struct memory_range *above = range_above(list, count, r.start);

    return above && above->start <= r.start && r.end <= above->end;
}

void memory_map_check(const struct memory_map *map)
{
    ranges_check(map->bank, map->bank_count, MEMORY_BANKS_MAX);
    ranges_check(map->reserved, map->reserved_count, MEMORY_RESERVED_MAX);
    ranges_check(map->no_map, map->no_map_count, MEMORY_NO_MAP_MAX);
    for (size_t i = 0; i < map->no_map_count; i++)
        assert(ranges_hold(map->reserved, map->reserved_count, map->no_map[i]));
    if (map->bank_count > 0) {
        assert(map->bank[0].start >= PAGE_SIZE);
        assert(map->bank[map->bank_count - 1].end <= LINEAR_LIMIT);
    }
}
