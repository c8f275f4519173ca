/*
 * The ChaCha20 block function against the vectors of RFC 8439.
 */
// uses: drivers/chacha20.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/chacha20.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/types.h"
#include <cmocka.h>

struct vector {
    uint8_t key_first, key_step, key_last; /* bytes of the key: first, first + step …; the last */
    uint32_t counter;
    uint32_t nonce[CHACHA20_NONCE_WORDS];
    uint8_t stream[16]; /* the first bytes of the block */
    uint8_t tail[4];    /* and its last ones */
};

static const struct vector vectors[] = {
    /* 2.3.2 */
    {0x00,
     1,
     0x1f,
     1,
     {0x09000000, 0x4a000000, 0},
     {0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71,
      0xc4},
     {0xa2, 0x50, 0x3c, 0x4e}},
    /* A.1, vector 1 */
    {0,
     0,
     0,
     0,
     {0, 0, 0},
     {0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd,
      0x28},
     {0xb2, 0xee, 0x65, 0x86}},
    /* A.1, vector 2 */
    {0,
     0,
     0,
     1,
     {0, 0, 0},
     {0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a, 0x98, 0xba, 0x97, 0x7c, 0x73, 0x2d, 0x08,
      0x0d},
     {0x4b, 0x79, 0x4d, 0x6f}},
    /* A.1, vector 3 */
    {0,
     0,
     1,
     1,
     {0, 0, 0},
     {0x3a, 0xeb, 0x52, 0x24, 0xec, 0xf8, 0x49, 0x92, 0x9b, 0x9d, 0x82, 0x8d, 0xb1, 0xce, 0xd4,
      0xdd},
     {0x00, 0x6c, 0x13, 0xa0}},
};

static void blocks_match_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        const struct vector *v = &vectors[i];
        uint32_t key[CHACHA20_KEY_WORDS], out[CHACHA20_BLOCK_WORDS];
        uint8_t bytes[sizeof(key)];

        for (size_t b = 0; b < sizeof(bytes); b++)
            bytes[b] = (uint8_t)(v->key_first + b * v->key_step);
        bytes[sizeof(bytes) - 1] = v->key_last;
        for (size_t w = 0; w < CHACHA20_KEY_WORDS; w++)
            key[w] = get_le32(bytes + 4 * w);
        chacha20_block(key, v->counter, v->nonce, out);
        assert_memory_equal(out, v->stream, sizeof(v->stream));
        assert_memory_equal(out + CHACHA20_BLOCK_WORDS - 1, v->tail, sizeof(v->tail));
    }
}

static void every_input_bit_changes_half_the_block(void **state)
{
    uint32_t input[12] = {0}, base[CHACHA20_BLOCK_WORDS], out[CHACHA20_BLOCK_WORDS];

    (void)state;
    chacha20_block(input, input[8], input + 9, base);
    for (unsigned bit = 0; bit < sizeof(input) * 8; bit++) {
        unsigned changed = 0;

        input[bit / 32] ^= 1U << bit % 32;
        chacha20_block(input, input[8], input + 9, out);
        input[bit / 32] ^= 1U << bit % 32;
        for (int i = 0; i < CHACHA20_BLOCK_WORDS; i++)
            changed += popcount64(out[i] ^ base[i]);
        assert_in_range(changed, 180, 332);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_match_the_rfc),
        cmocka_unit_test(every_input_bit_changes_half_the_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
