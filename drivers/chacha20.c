/*
 * The ChaCha20 block function: ten double rounds over a 4 by 4 matrix of words (constants, key,
 * counter, nonce), then the matrix itself added, so that the rounds cannot be undone.
 * Source: RFC 8439, 2.1 to 2.3.
 */
#include "drivers/chacha20.h"

#include "lib/string.h"

#define CHACHA20_DOUBLE_ROUNDS 10

static inline uint32_t rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static inline void quarter_round(uint32_t *s, unsigned a, unsigned b, unsigned c, unsigned d)
{
    s[a] += s[b];
    s[d] = rotate_left(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = rotate_left(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = rotate_left(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = rotate_left(s[b] ^ s[c], 7);
}

void chacha20_block(const uint32_t *key, uint32_t counter, const uint32_t *nonce, uint32_t *out)
{
    /* "expand 32-byte k" */
    uint32_t start[CHACHA20_BLOCK_WORDS] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    memcpy(start + 4, key, CHACHA20_KEY_WORDS * sizeof(*key));
    start[12] = counter;
    memcpy(start + 13, nonce, CHACHA20_NONCE_WORDS * sizeof(*nonce));
    memcpy(out, start, sizeof(start));
    for (int i = 0; i < CHACHA20_DOUBLE_ROUNDS; i++) {
        for (unsigned column = 0; column < 4; column++)
            quarter_round(out, column, 4 + column, 8 + column, 12 + column);
        for (unsigned diagonal = 0; diagonal < 4; diagonal++)
            quarter_round(out, diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4,
                          12 + (diagonal + 3) % 4);
    }
    for (int i = 0; i < CHACHA20_BLOCK_WORDS; i++)
        out[i] += start[i];
}
