/*
 * The device tree as a format: blobs built token by token, whole ones and ones that break one rule
 * each. What trees mean: test_fdt.c.
 *
 * Every blob lies on the heap in exactly its size, so AddressSanitizer sees each byte read outside.
 */
// uses: lib/fdt_blob.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bits.h"
#include "lib/errno.h"
#include "lib/fdt_blob.h"
#include "lib/types.h"
#include <cmocka.h>

/* A blob under construction: header, reservation terminator, structure block, strings block. */
struct builder {
    uint8_t bytes[4096];
    size_t size;
    uint32_t patch_at; /* a header field to be overwritten; none when patch is 0 */
    uint32_t patch;
};

#define BUILT_STRUCT  56
#define BUILT_STRINGS "\0name\0tail" /* of which the last is not terminated */

enum { BEGIN = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

static void build_cell(struct builder *b, uint32_t cell)
{
    put_be32(b->bytes + b->size, cell);
    b->size += 4;
}

static void build_begin(struct builder *b, const char *name)
{
    build_cell(b, BEGIN);
    memcpy(b->bytes + b->size, name, strlen(name));
    b->size = ALIGN_UP(b->size + strlen(name) + 1, 4UL);
}

static void build_prop(struct builder *b, uint32_t length, uint32_t name)
{
    build_cell(b, PROP);
    build_cell(b, length);
    build_cell(b, name);
    b->size += ALIGN_UP(MIN(length, 64U), 4U);
}

/* Completes the header and opens the blob from memory of just its size. */
static int build_open(struct builder *b)
{
    uint32_t struct_size = (uint32_t)(b->size - BUILT_STRUCT), strings = (uint32_t)b->size;
    uint32_t total = strings + sizeof(BUILT_STRINGS) - 1;
    const uint32_t header[] = {
        0xd00dfeed, total, BUILT_STRUCT, strings, 40, 17, 16, 0, total - strings, struct_size,
    };
    uint8_t *exact = malloc(total);
    struct fdt fdt;
    int err;

    memcpy(b->bytes + strings, BUILT_STRINGS, sizeof(BUILT_STRINGS) - 1);
    for (size_t i = 0; i < ARRAY_SIZE(header); i++)
        put_be32(b->bytes + 4 * i, header[i]);
    if (b->patch)
        put_be32(b->bytes + b->patch_at, b->patch);
    memcpy(exact, b->bytes, total);
    err = fdt_init(&fdt, exact, total);
    free(exact);
    return err;
}

/*
 * A tree in letters: ( begins the root, [ a child named "n", ) ends a node, p a property,
 * . a NOP, E the end, and one wrong thing each: x an unknown token, l a property too long, s a
 * property whose name is no string, t one whose name has no end, 0 a child without a name, u a name
 * without an end.
 */
static void build_letters(struct builder *b, const char *letters)
{
    for (; *letters; letters++) {
        switch (*letters) {
        case '(':
        case '0':
            build_begin(b, "");
            break;
        case '[':
            build_begin(b, "n");
            break;
        case ')':
            build_cell(b, END_NODE);
            break;
        case 'p':
            build_prop(b, 5, 1);
            break;
        case '.':
            build_cell(b, NOP);
            break;
        case 'E':
            build_cell(b, END);
            break;
        case 'x':
            build_cell(b, 7);
            break;
        case 'l':
            build_prop(b, 0xfffffff0, 1);
            break;
        case 's':
            build_prop(b, 4, 10);
            break;
        case 't':
            build_prop(b, 4, 6);
            break;
        case 'u':
            build_cell(b, BEGIN);
            build_cell(b, 0x6e6e6e6e);
            break;
        }
    }
}

static int build_and_open(const char *letters)
{
    struct builder b = {.size = BUILT_STRUCT};

    build_letters(&b, letters);
    return build_open(&b);
}

static void the_grammar_is_enforced(void **state)
{
    static const struct {
        const char *letters;
        int err;
    } trees[] = {
        {"()E", 0},         {"(p[p)[p))E", 0},   {"..(.p.[.).).E", 0}, {"(p)E", 0},
        {"(pp[[)))E", 0},   {"()Exx", 0},        {"", -EINVAL},        {"E", -EINVAL},
        {"(", -EINVAL},     {"(E", -EINVAL},     {"()", -EINVAL},      {"())E", -EINVAL},
        {"()()E", -EINVAL}, {"([)p)E", -EINVAL}, {"p()E", -EINVAL},    {"()pE", -EINVAL},
        {"(x)E", -EINVAL},  {"(l)E", -EINVAL},   {"(s)E", -EINVAL},    {"(t)E", -EINVAL},
        {"(0))E", -EINVAL}, {"(u", -EINVAL},     {")E", -EINVAL},      {"([)E", -EINVAL},
        {"(p", -EINVAL},    {"....", -EINVAL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
        int err = build_and_open(trees[i].letters);

        if (err != trees[i].err)
            fail_msg("%s: %d", trees[i].letters, err);
    }
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    for (int depth = FDT_MAX_DEPTH - 3; depth < FDT_MAX_DEPTH + 3; depth++) {
        char letters[2 * (FDT_MAX_DEPTH + 4)], *p = letters;

        *p++ = '(';
        for (int i = 0; i < depth; i++)
            *p++ = '[';
        for (int i = 0; i <= depth; i++)
            *p++ = ')';
        strcpy(p, "E");
        assert_int_equal(build_and_open(letters), depth < FDT_MAX_DEPTH ? 0 : -EINVAL);
    }
}

static void headers_are_checked(void **state)
{
    /* What does not fit: byte offset and value; the last leaves the reservation block endless. */
    static const uint32_t bad[][2] = {
        {0, 0xd00dfeee}, {0, 0xedfe0dd0},  {4, 39},          {4, 0xffffffff},  {8, 39},  {8, 58},
        {8, 0xffffffff}, {12, 0xfffffff},  {16, 4},          {16, 0xfffffff0}, {16, 41}, {20, 16},
        {24, 18},        {32, 0x7fffffff}, {36, 0xffffffff}, {36, 4},          {40, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct builder b = {.size = BUILT_STRUCT};

        build_letters(&b, "(p)E");
        b.patch_at = bad[i][0];
        b.patch = bad[i][1];
        if (build_open(&b) != -EINVAL)
            fail_msg("accepted %#x at %u", bad[i][1], bad[i][0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grammar_is_enforced),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(headers_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
