/*
 * Counting bits, and loads and stores of big- and little-endian numbers at any alignment.
 *
 * rv64imac has no instruction for the counts; the compiler calls lib/compiler.c for them.
 */
#pragma once

#include "lib/types.h"

/* Trailing zeroes of x; 64 for 0. */
static inline unsigned ctz64(uint64_t x)
{
    return x ? (unsigned)__builtin_ctzl(x) : 64;
}

/* Leading zeroes of x; 64 for 0. */
static inline unsigned clz64(uint64_t x)
{
    return x ? (unsigned)__builtin_clzl(x) : 64;
}

/* How many bits of x are set. */
static inline unsigned popcount64(uint64_t x)
{
    return (unsigned)__builtin_popcountl(x);
}

/* The largest n with 2^n <= x; x must not be 0. */
static inline unsigned log2_floor(uint64_t x)
{
    return 63 - clz64(x);
}

/* The smallest n with 2^n >= x; 0 for 0 and 1, 64 above 2^63. */
static inline unsigned log2_ceil(uint64_t x)
{
    return x > 1 ? 64 - clz64(x - 1) : 0;
}

static inline bool is_power_of_two(uint64_t x)
{
    return x != 0 && (x & (x - 1)) == 0;
}

static inline uint16_t get_be16(const void *p)
{
    const uint8_t *b = p;

    return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t get_be32(const void *p)
{
    const uint8_t *b = p;

    return (uint32_t)get_be16(b) << 16 | get_be16(b + 2);
}

static inline uint64_t get_be64(const void *p)
{
    const uint8_t *b = p;

    return (uint64_t)get_be32(b) << 32 | get_be32(b + 4);
}

static inline uint16_t get_le16(const void *p)
{
    const uint8_t *b = p;

    return (uint16_t)(b[1] << 8 | b[0]);
}

static inline uint32_t get_le32(const void *p)
{
    const uint8_t *b = p;

    return (uint32_t)get_le16(b + 2) << 16 | get_le16(b);
}

static inline uint64_t get_le64(const void *p)
{
    const uint8_t *b = p;

    return (uint64_t)get_le32(b + 4) << 32 | get_le32(b);
}

static inline void put_be16(void *p, uint16_t v)
{
    uint8_t *b = p;

    b[0] = (uint8_t)(v >> 8);
    b[1] = (uint8_t)v;
}

static inline void put_be32(void *p, uint32_t v)
{
    uint8_t *b = p;

    put_be16(b, (uint16_t)(v >> 16));
    put_be16(b + 2, (uint16_t)v);
}

static inline void put_be64(void *p, uint64_t v)
{
    uint8_t *b = p;

    put_be32(b, (uint32_t)(v >> 32));
    put_be32(b + 4, (uint32_t)v);
}

static inline void put_le16(void *p, uint16_t v)
{
    uint8_t *b = p;

    b[0] = (uint8_t)v;
    b[1] = (uint8_t)(v >> 8);
}

static inline void put_le32(void *p, uint32_t v)
{
    uint8_t *b = p;

    put_le16(b, (uint16_t)v);
    put_le16(b + 2, (uint16_t)(v >> 16));
}

static inline void put_le64(void *p, uint64_t v)
{
    uint8_t *b = p;

    put_le32(b, (uint32_t)v);
    put_le32(b + 4, (uint32_t)(v >> 32));
}
