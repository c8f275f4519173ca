/*
 * The ChaCha20 block function (RFC 8439, 2.3).
 */
#pragma once

#include "lib/types.h"

#define CHACHA20_KEY_WORDS   8
#define CHACHA20_NONCE_WORDS 3
#define CHACHA20_BLOCK_WORDS 16

/* One block of key stream; words are the RFC's little-endian ones. out may not overlap key. */
void chacha20_block(const uint32_t *key, uint32_t counter, const uint32_t *nonce, uint32_t *out);
