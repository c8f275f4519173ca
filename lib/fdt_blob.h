/*
 * The flattened device tree as a format: header, memory reservation block, structure block, strings
 * block (Devicetree Specification v0.4, chapter 5). What nodes and properties mean: lib/fdt.h,
 * which is the header to include.
 *
 * The blob is hostile. fdt_init looks at every token once and refuses a tree that is not well
 * formed; no read, then or later, leaves the blob. The blob must outlive the struct fdt and not
 * change. Nothing is copied or allocated: strings and values returned point into the blob.
 *
 * A node is an int: the offset of its FDT_BEGIN_NODE token in the structure block, which for the
 * root need not be 0. Negative is an errno; -ENOENT means that there is no such node. Every call
 * takes a negative node and answers with an error, so results can be handed on unchecked.
 */
#pragma once

#include "lib/types.h"

/* No node lies deeper; the trees in use stay below 10. */
#define FDT_MAX_DEPTH 32

/* A parsed device tree; all offsets in bytes. Set once by fdt_init. */
struct fdt {
    const uint8_t *blob;
    size_t size;         /* totalsize: what the header says, at most max_size */
    size_t reserve_off;  /* memory reservation block, terminated within the blob */
    size_t struct_off;   /* structure block */
    size_t struct_size;  /* up to and with FDT_END */
    size_t strings_off;  /* strings block */
    size_t strings_size; /* up to and with its last NUL */
    uint32_t boot_hart;  /* boot_cpuid_phys */
    int root;            /* the root node */
};

/*
 * Reads the blob's header and checks the whole structure block: tokens, alignment, names and
 * values in bounds, properties before subnodes, balance, depth, one root. blob is 4-byte aligned or
 * not; at most max_size bytes of it are readable. Returns 0 or -EINVAL.
 */
int fdt_init(struct fdt *fdt, const void *blob, size_t max_size);

/* The root node. */
int fdt_root(const struct fdt *fdt);

/* The first node directly below, or the next one beside; -ENOENT when there is none. */
int fdt_first_child(const struct fdt *fdt, int node);
int fdt_next_sibling(const struct fdt *fdt, int node);

/*
 * The next node in the order of the blob (a node before its children); a negative node starts with
 * the root and sets *depth to 0. *depth (unless NULL) is changed by how many levels the step went
 * down or up. -ENOENT after the last.
 */
int fdt_next_node(const struct fdt *fdt, int node, int *depth);

/* The node above; -ENOENT for the root. Linear in the size of the tree. */
int fdt_parent(const struct fdt *fdt, int node);

/* The node's name with its unit address, "" for the root; NULL when node is no node. */
const char *fdt_node_name(const struct fdt *fdt, int node);

/*
 * The value of the node's property, big-endian cells or text, at any alignment; NULL when there is
 * none. *len (unless NULL) is its length in bytes, 0 when there is none. An empty property returns
 * a pointer that is not NULL and len 0.
 */
const void *fdt_get_prop(const struct fdt *fdt, int node, const char *name, size_t *len);

/* Entry number index of the memory reservation block, in bytes; 0, or -ENOENT after the last. */
int fdt_reserved_map(const struct fdt *fdt, unsigned index, uint64_t *addr, uint64_t *size);
