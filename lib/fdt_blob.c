/*
 * Reading the flattened device tree's blocks (Devicetree Specification v0.4, chapter 5).
 *
 * All of it stands on token_read, the only function that looks into the structure block. It takes
 * any offset, checks the token there and all that belongs to it against the block's end, and says
 * where the next one begins; that is always further on, so every walk ends. fdt_init walks once
 * over all tokens with the grammar of 5.4.2:
 *
 *     tree: node FDT_END      node: FDT_BEGIN_NODE name FDT_PROP... node... FDT_END_NODE
 *
 * and FDT_NOP anywhere. Offsets are below 2^31, so sums of a few of them never wrap.
 *
 * The walks are linear: there is no index, for the tree is read once, at boot.
 */
#include "lib/fdt_blob.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "lib/types.h"

/* The header's fields, by byte offset (5.2). */
#define HEADER_MAGIC        0
#define HEADER_TOTALSIZE    4
#define HEADER_STRUCT_OFF   8
#define HEADER_STRINGS_OFF  12
#define HEADER_RESERVE_OFF  16
#define HEADER_VERSION      20
#define HEADER_LAST_COMP    24
#define HEADER_BOOT_HART    28
#define HEADER_STRINGS_SIZE 32
#define HEADER_STRUCT_SIZE  36
#define HEADER_SIZE         40

#define FDT_MAGIC   0xd00dfeedU
#define FDT_VERSION 17 /* the version of the specification; older headers lack a field */

/* Tokens (5.4.1). */
#define FDT_BEGIN_NODE 1
#define FDT_END_NODE   2
#define FDT_PROP       3
#define FDT_NOP        4
#define FDT_END        9

#define TOKEN_SIZE  4  /* also the alignment of tokens */
#define PROP_HEADER 12 /* FDT_PROP, length, offset of the name */

#define RESERVE_ENTRY_SIZE  16 /* address, size (5.3.2) */
#define RESERVE_ENTRY_ALIGN 8

/* A token and what belongs to it. */
struct token {
    int tag;
    size_t start;      /* offsets in the structure block */
    size_t next;       /* behind the token, its name or value and the padding */
    const char *name;  /* of a node or a property, terminated */
    const void *value; /* of a property */
    size_t length;     /* of value */
};

static int read_node_name(const struct fdt *fdt, struct token *token)
{
    const char *block = (const char *)fdt->blob + fdt->struct_off;
    size_t from = token->start + TOKEN_SIZE;
    const char *nul = memchr(block + from, '\0', fdt->struct_size - from);

    if (!nul)
        return -EINVAL;
    token->name = block + from;
    token->next = ALIGN_UP((size_t)(nul + 1 - block), TOKEN_SIZE);
    return 0;
}

static int read_prop(const struct fdt *fdt, struct token *token)
{
    const uint8_t *p = fdt->blob + fdt->struct_off + token->start;
    size_t room = fdt->struct_size - token->start;
    size_t length, name;

    if (room < PROP_HEADER)
        return -EINVAL;
    length = get_be32(p + 4);
    name = get_be32(p + 8);
    if (length > room - PROP_HEADER || name >= fdt->strings_size)
        return -EINVAL;
    token->name = (const char *)fdt->blob + fdt->strings_off + name;
    token->value = p + PROP_HEADER;
    token->length = length;
    token->next = ALIGN_UP(token->start + PROP_HEADER + length, TOKEN_SIZE);
    return 0;
}

/* Reads the first token at or after off that is no FDT_NOP. Returns its tag or -EINVAL. */
static int token_read(const struct fdt *fdt, size_t off, struct token *token)
{
    int err = 0;

    do {
        if (off + TOKEN_SIZE > fdt->struct_size || !IS_ALIGNED(off, TOKEN_SIZE))
            return -EINVAL;
        token->tag = (int)get_be32(fdt->blob + fdt->struct_off + off);
        token->start = off;
        off += TOKEN_SIZE;
    } while (token->tag == FDT_NOP);
    token->next = off;

    switch (token->tag) {
    case FDT_BEGIN_NODE:
        err = read_node_name(fdt, token);
        break;
    case FDT_PROP:
        err = read_prop(fdt, token);
        break;
    case FDT_END_NODE:
    case FDT_END:
        break;
    default:
        err = -EINVAL;
    }
    return err ? err : token->tag;
}

/* Whether [off, off + size) lies behind the header and within the blob. */
static bool block_fits(const struct fdt *fdt, size_t off, size_t size)
{
    return off >= HEADER_SIZE && off <= fdt->size && size <= fdt->size - off;
}

/* Reads the header and checks where the blocks lie. */
static int read_header(struct fdt *fdt, const uint8_t *blob, size_t max_size)
{
    if (max_size < HEADER_SIZE || get_be32(blob + HEADER_MAGIC) != FDT_MAGIC ||
        get_be32(blob + HEADER_VERSION) < FDT_VERSION ||
        get_be32(blob + HEADER_LAST_COMP) > FDT_VERSION)
        return -EINVAL;
    *fdt = (struct fdt){
        .blob = blob,
        .size = get_be32(blob + HEADER_TOTALSIZE),
        .reserve_off = get_be32(blob + HEADER_RESERVE_OFF),
        .struct_off = get_be32(blob + HEADER_STRUCT_OFF),
        .struct_size = get_be32(blob + HEADER_STRUCT_SIZE),
        .strings_off = get_be32(blob + HEADER_STRINGS_OFF),
        .strings_size = get_be32(blob + HEADER_STRINGS_SIZE),
        .boot_hart = get_be32(blob + HEADER_BOOT_HART),
    };
    if (fdt->size > max_size || fdt->size > INT32_MAX ||
        !block_fits(fdt, fdt->struct_off, fdt->struct_size) ||
        !block_fits(fdt, fdt->strings_off, fdt->strings_size) ||
        !block_fits(fdt, fdt->reserve_off, RESERVE_ENTRY_SIZE) ||
        !IS_ALIGNED(fdt->struct_off, TOKEN_SIZE) ||
        !IS_ALIGNED(fdt->reserve_off, RESERVE_ENTRY_ALIGN))
        return -EINVAL;
    return 0;
}

/* Cuts the strings block behind its last NUL, so that every string that begins in it ends in it. */
static void trim_strings(struct fdt *fdt)
{
    const uint8_t *strings = fdt->blob + fdt->strings_off;

    while (fdt->strings_size > 0 && strings[fdt->strings_size - 1] != '\0')
        fdt->strings_size--;
}

static int check_reserve_block(const struct fdt *fdt)
{
    uint64_t addr, size;
    size_t end = (fdt->size - fdt->reserve_off) / RESERVE_ENTRY_SIZE;
    const uint8_t *entry = fdt->blob + fdt->reserve_off;

    for (size_t i = 0; i < end; i++, entry += RESERVE_ENTRY_SIZE) {
        addr = get_be64(entry);
        size = get_be64(entry + 8);
        if (addr == 0 && size == 0)
            return 0;
    }
    return -EINVAL;
}

/*
 * Walks the tree from its root's token to the FDT_END_NODE that closes it; token is the last one
 * read.
 */
static int check_nodes(const struct fdt *fdt, struct token *token)
{
    bool props_may_follow = true;
    int depth = 0;

    do {
        switch (token_read(fdt, token->next, token)) {
        case FDT_BEGIN_NODE:
            props_may_follow = true;
            if (++depth >= FDT_MAX_DEPTH || token->name[0] == '\0')
                return -EINVAL;
            break;
        case FDT_END_NODE:
            props_may_follow = false;
            depth--;
            break;
        case FDT_PROP:
            if (!props_may_follow)
                return -EINVAL;
            break;
        default:
            return -EINVAL;
        }
    } while (depth >= 0);
    return 0;
}

static int check_struct_block(struct fdt *fdt)
{
    struct token token;

    if (token_read(fdt, 0, &token) != FDT_BEGIN_NODE)
        return -EINVAL;
    fdt->root = (int)token.start;
    if (check_nodes(fdt, &token) || token_read(fdt, token.next, &token) != FDT_END)
        return -EINVAL;
    fdt->struct_size = token.next;
    return 0;
}

int fdt_init(struct fdt *fdt, const void *blob, size_t max_size)
{
    int err = read_header(fdt, blob, max_size);

    if (err)
        return err;
    trim_strings(fdt);
    err = check_reserve_block(fdt);
    if (err)
        return err;
    return check_struct_block(fdt);
}

/* Reads the node's own token. */
static int node_read(const struct fdt *fdt, int node, struct token *token)
{
    if (node < 0 || token_read(fdt, (size_t)node, token) != FDT_BEGIN_NODE)
        return -EINVAL;
    return 0;
}

int fdt_root(const struct fdt *fdt)
{
    return fdt->root;
}

int fdt_next_node(const struct fdt *fdt, int node, int *depth)
{
    struct token token;
    int step = 0, tag;

    if (node < 0) {
        if (depth)
            *depth = 0;
        return fdt->root;
    }
    if (node_read(fdt, node, &token))
        return -EINVAL;
    while ((tag = token_read(fdt, token.next, &token)) != FDT_BEGIN_NODE) {
        if (tag < 0)
            return tag;
        if (tag == FDT_END)
            return -ENOENT;
        if (tag == FDT_END_NODE)
            step--;
    }
    if (depth)
        *depth += step + 1;
    return (int)token.start;
}

int fdt_first_child(const struct fdt *fdt, int node)
{
    int depth = 0;
    int next = node < 0 ? -EINVAL : fdt_next_node(fdt, node, &depth);

    return next >= 0 && depth != 1 ? -ENOENT : next;
}

int fdt_next_sibling(const struct fdt *fdt, int node)
{
    int depth = 0;

    if (node < 0)
        return -EINVAL;
    do {
        node = fdt_next_node(fdt, node, &depth);
    } while (node >= 0 && depth > 0);
    return node >= 0 && depth < 0 ? -ENOENT : node;
}

int fdt_parent(const struct fdt *fdt, int node)
{
    int path[FDT_MAX_DEPTH];
    int depth = 0, at = fdt_root(fdt);

    if (node < 0)
        return -EINVAL;
    while (at >= 0 && at != node) {
        if (depth < 0 || depth >= FDT_MAX_DEPTH)
            return -EINVAL;
        path[depth] = at;
        at = fdt_next_node(fdt, at, &depth);
    }
    if (at < 0)
        return -EINVAL;
    return depth > 0 ? path[depth - 1] : -ENOENT;
}

const char *fdt_node_name(const struct fdt *fdt, int node)
{
    struct token token;

    return node_read(fdt, node, &token) ? NULL : token.name;
}

const void *fdt_get_prop(const struct fdt *fdt, int node, const char *name, size_t *len)
{
    struct token token;

    if (len)
        *len = 0;
    if (node_read(fdt, node, &token))
        return NULL;
    while (token_read(fdt, token.next, &token) == FDT_PROP) {
        if (strcmp(token.name, name) == 0) {
            if (len)
                *len = token.length;
            return token.value;
        }
    }
    return NULL;
}

/* The block's end was found by fdt_init; the walk stops there. */
int fdt_reserved_map(const struct fdt *fdt, unsigned index, uint64_t *addr, uint64_t *size)
{
    const uint8_t *entry = fdt->blob + fdt->reserve_off;

    for (;; entry += RESERVE_ENTRY_SIZE) {
        *addr = get_be64(entry);
        *size = get_be64(entry + 8);
        if (*addr == 0 && *size == 0)
            return -ENOENT;
        if (index-- == 0)
            return 0;
    }
}
