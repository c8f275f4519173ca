/*
 * What a device tree says: paths and aliases, strings and numbers, registers translated to physical
 * addresses, interrupts (Devicetree Specification v0.4, chapters 2 and 3). Walking the tree and raw
 * properties: lib/fdt_blob.h, included here.
 *
 * Every value is hostile and checked; a malformed one is -EINVAL, an absent one -ENOENT. Nothing
 * allocates, locks or writes, so all calls work on any hart from the first instruction of C on.
 */
#pragma once

#include "lib/fdt_blob.h"
#include "lib/types.h"

/*
 * The node at a path such as "/soc/serial@10000000". A component without '@' also finds the node
 * whose name has a unit address ("/soc/serial"). A path that does not begin with '/' begins with an
 * alias of /aliases. -ENOENT when there is no such node.
 */
int fdt_find_node(const struct fdt *fdt, const char *path);

/* The node directly below whose name is name, with or without its unit address; or -ENOENT. */
int fdt_find_child(const struct fdt *fdt, int node, const char *name);

/* The node with this phandle; -ENOENT when there is none or phandle is 0 or 0xffffffff. */
int fdt_by_phandle(const struct fdt *fdt, uint32_t phandle);

/* A property of exactly one cell. 0, -ENOENT or -EINVAL. */
int fdt_get_u32(const struct fdt *fdt, int node, const char *name, uint32_t *out);

/* A property of one or two cells (linux,initrd-start, a hart's reg). 0, -ENOENT or -EINVAL. */
int fdt_get_u64_cells(const struct fdt *fdt, int node, const char *name, uint64_t *out);

/* A property's (first) string; NULL when it is absent or not terminated. */
const char *fdt_get_string(const struct fdt *fdt, int node, const char *name);

/* String number index of a property that lists strings; NULL after the last. */
const char *fdt_string_list(const struct fdt *fdt, int node, const char *name, unsigned index);

/* Where in a property that lists strings str stands ("reg-names"); -ENOENT when nowhere. */
int fdt_string_index(const struct fdt *fdt, int node, const char *name, const char *str);

/* Whether the node's compatible lists this string. */
bool fdt_is_compatible(const struct fdt *fdt, int node, const char *compatible);

/* Whether there is such a node and its status is absent, "okay" or "ok" (2.3.4). */
bool fdt_is_enabled(const struct fdt *fdt, int node);

/*
 * The node's #address-cells (2 when absent) and #size-cells (1 when absent), which count for its
 * children's reg (2.3.5); -EINVAL when malformed.
 */
int fdt_address_cells(const struct fdt *fdt, int node);
int fdt_size_cells(const struct fdt *fdt, int node);

/*
 * Entry number index of the node's reg, translated through the ranges of all buses above to a
 * physical address, both in bytes; addr and size may be NULL. Below a bus whose #size-cells is 0
 * (harts, I2C) the address is a number and is not translated, and the size is 0.
 *
 * Returns 0; -ENOENT when there is no such entry; -ENXIO when a bus on the way has no ranges or
 * none that holds the whole of it; -EINVAL when it is malformed, wraps around or has addresses of
 * more than two cells (PCI).
 */
int fdt_get_reg(const struct fdt *fdt, int node, unsigned index, uint64_t *addr, uint64_t *size);

/*
 * Interrupt number index of the node, from interrupts-extended or interrupts with the inherited
 * interrupt-parent (2.4): the controller's node and the first cell of the specifier. Entries of
 * interrupts-extended with a phandle of 0 count and are -ENXIO. Nexus nodes (interrupt-map) are not
 * followed.
 *
 * Returns 0; -ENOENT when there is no such entry; -EINVAL when it is malformed.
 */
int fdt_interrupt(const struct fdt *fdt, int node, unsigned index, int *parent, uint32_t *irq);

/*
 * The console: /chosen/stdout-path, a path or an alias, and after ':' its options ("115200n8"),
 * NULL when there are none. node and options may be NULL. 0, -ENOENT or -EINVAL.
 */
int fdt_stdout(const struct fdt *fdt, int *node, const char **options);
