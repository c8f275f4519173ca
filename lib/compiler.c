/*
 * The compiler's helpers (see the header), written without the builtins that would call them.
 *
 * The counts halve the field they look at. The population count adds neighbouring fields of 1, 2
 * and 4 bits, then sums the bytes with one multiplication. No branch depends on more than the
 * argument, and nothing here calls anything.
 */
#include "lib/compiler.h"

#define EVEN_BITS  UINT64_C(0x5555555555555555)
#define EVEN_PAIRS UINT64_C(0x3333333333333333)
#define LOW_HALVES UINT64_C(0x0f0f0f0f0f0f0f0f)
#define EACH_BYTE  UINT64_C(0x0101010101010101)

static inline int population(uint64_t x)
{
    x -= x >> 1 & EVEN_BITS;
    x = (x & EVEN_PAIRS) + (x >> 2 & EVEN_PAIRS);
    x = (x + (x >> 4)) & LOW_HALVES;
    return (int)(x * EACH_BYTE >> 56);
}

int __popcountdi2(uint64_t x)
{
    return population(x);
}

/* The bits below the lowest set one are what x - 1 has and x has not. */
int __ctzdi2(uint64_t x)
{
    return population(~x & (x - 1));
}

int __ffsdi2(uint64_t x)
{
    return x ? population(~x & (x - 1)) + 1 : 0;
}

int __clzdi2(uint64_t x)
{
    int zeroes = 0;

    for (int width = 32; width > 0; width /= 2) {
        if (x >> (64 - width) == 0) {
            zeroes += width;
            x <<= width;
        }
    }
    return zeroes;
}

uint32_t __bswapsi2(uint32_t x)
{
    x = (x & 0x00ff00ff) << 8 | (x >> 8 & 0x00ff00ff);
    return x << 16 | x >> 16;
}

uint64_t __bswapdi2(uint64_t x)
{
    return (uint64_t)__bswapsi2((uint32_t)x) << 32 | __bswapsi2((uint32_t)(x >> 32));
}
