/*
 * Random bytes. The state is a 256-bit key. Adding bytes xors them into the key and puts the key
 * through ChaCha20; drawing makes one block, of which the first half is the next key and the second
 * half the key of this draw's own stream, which is forgotten afterwards: so nobody who learns the
 * state learns what was drawn before ("fast key erasure", D. J. Bernstein 2017).
 *
 * The quality is that of what was added: the tree's rng-seed and a virtio-rng are good, time alone
 * is not. Nothing is estimated and nothing ever blocks.
 *
 * entropy_lock guards the key; it is taken in interrupts, and nothing is taken inside.
 */
#include "drivers/entropy.h"

#include "arch/time.h"
#include "drivers/chacha20.h"
#include "kernel/spinlock.h"
#include "lib/string.h"

#define KEY_BYTES   (CHACHA20_KEY_WORDS * sizeof(uint32_t))
#define BLOCK_BYTES (CHACHA20_BLOCK_WORDS * sizeof(uint32_t))

/* So much is drawn before fresh bytes are fetched. */
#define ENTROPY_REFILL_BYTES (64 * KIB)

static struct spinlock entropy_lock = SPINLOCK_INIT("entropy");
static uint32_t entropy_key[CHACHA20_KEY_WORDS]; /* entropy_lock */
static uint32_t entropy_draws;                   /* entropy_lock: never the same block twice */
static uint64_t entropy_drawn;                   /* entropy_lock: bytes since the last refill */
static void (*entropy_refill)(void *owner);      /* (i) */
static void *entropy_owner;                      /* (i) */

/* The next block of the state's own stream; the time goes in as the nonce. */
static void entropy_step(uint32_t *block)
{
    uint64_t now = time_ticks();
    uint32_t nonce[CHACHA20_NONCE_WORDS] = {(uint32_t)now, (uint32_t)(now >> 32)};

    chacha20_block(entropy_key, entropy_draws++, nonce, block);
    memcpy(entropy_key, block, KEY_BYTES);
}

void entropy_add(const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    uint32_t block[CHACHA20_BLOCK_WORDS];
    uint64_t flags = spin_lock_irqsave(&entropy_lock);

    while (n > 0) {
        size_t chunk = MIN(n, KEY_BYTES);
        uint8_t *key = (uint8_t *)entropy_key;

        for (size_t i = 0; i < chunk; i++)
            key[i] ^= from[i];
        entropy_step(block);
        from += chunk;
        n -= chunk;
    }
    spin_unlock_irqrestore(&entropy_lock, flags);
}

/* A key for one draw of n bytes. Returns whether fresh bytes should be fetched. */
static bool entropy_draw_key(uint32_t *key, size_t n)
{
    uint32_t block[CHACHA20_BLOCK_WORDS];
    uint64_t flags = spin_lock_irqsave(&entropy_lock);
    bool refill;

    entropy_step(block);
    memcpy(key, block + CHACHA20_KEY_WORDS, KEY_BYTES);
    entropy_drawn += n;
    refill = entropy_drawn >= ENTROPY_REFILL_BYTES;
    if (refill)
        entropy_drawn = 0;
    spin_unlock_irqrestore(&entropy_lock, flags);
    return refill && entropy_refill;
}

void entropy_fill(void *buf, size_t n)
{
    static const uint32_t nonce[CHACHA20_NONCE_WORDS];
    uint32_t key[CHACHA20_KEY_WORDS], block[CHACHA20_BLOCK_WORDS];
    uint8_t *to = buf;

    if (entropy_draw_key(key, n))
        entropy_refill(entropy_owner);
    for (uint32_t counter = 0; n > 0; counter++) {
        size_t chunk = MIN(n, BLOCK_BYTES);

        chacha20_block(key, counter, nonce, block);
        memcpy(to, block, chunk);
        to += chunk;
        n -= chunk;
    }
}

void entropy_set_source(void (*refill)(void *owner), void *owner)
{
    if (entropy_refill)
        return;
    entropy_owner = owner;
    entropy_refill = refill;
}
