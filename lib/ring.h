/*
 * A ring of bytes over the caller's storage, first in, first out: what a pipe, a terminal's input
 * or the kernel's log hold. It never grows and never overwrites: what does not fit is not taken.
 *
 * None of these calls lock or allocate; whoever owns the ring locks.
 */
#pragma once

#include "lib/types.h"

struct ring {
    char *buf;
    size_t size;  /* of buf, any number above 0 */
    size_t head;  /* index of the oldest byte, below size */
    size_t count; /* bytes held, at most size */
};

/* Makes an empty ring over buf, which holds size bytes and outlives the ring. */
void ring_init(struct ring *ring, void *buf, size_t size);

static inline bool ring_empty(const struct ring *ring)
{
    return ring->count == 0;
}

static inline bool ring_full(const struct ring *ring)
{
    return ring->count == ring->size;
}

/* How many more bytes fit. */
static inline size_t ring_space(const struct ring *ring)
{
    return ring->size - ring->count;
}

/* Forgets all bytes. */
static inline void ring_clear(struct ring *ring)
{
    ring->head = 0;
    ring->count = 0;
}

/* Adds up to n bytes. Returns how many fitted. */
size_t ring_put(struct ring *ring, const void *bytes, size_t n);

/* Adds one byte. Returns false when the ring is full. */
bool ring_put_byte(struct ring *ring, char c);

/* Takes up to n of the oldest bytes. Returns how many there were. */
size_t ring_get(struct ring *ring, void *bytes, size_t n);

/* Copies up to n bytes, the first skip ones left out, and takes none. Returns how many. */
size_t ring_peek(const struct ring *ring, size_t skip, void *bytes, size_t n);

/* Drops up to n of the oldest bytes. Returns how many there were. */
size_t ring_skip(struct ring *ring, size_t n);
