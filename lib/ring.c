/*
 * The byte ring.
 *
 * The bytes held are one run or, past the end of the storage, two; each transfer is at most two
 * memcpys. head stays below size, so no index needs a division. The count, and not a second index,
 * tells a full ring from an empty one.
 */
#include "lib/ring.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "lib/types.h"

/* The index of the byte that is offset, at most size, after the oldest. */
static size_t ring_index(const struct ring *ring, size_t offset)
{
    size_t room = ring->size - ring->head;

    return offset < room ? ring->head + offset : offset - room;
}

void ring_init(struct ring *ring, void *buf, size_t size)
{
    assert(size > 0);
    ring->buf = buf;
    ring->size = size;
    ring_clear(ring);
}

size_t ring_put(struct ring *ring, const void *bytes, size_t n)
{
    size_t tail = ring_index(ring, ring->count);
    size_t first;

    n = MIN(n, ring_space(ring));
    first = MIN(n, ring->size - tail);
    memcpy(ring->buf + tail, bytes, first);
    memcpy(ring->buf, (const char *)bytes + first, n - first);
    ring->count += n;
    return n;
}

bool ring_put_byte(struct ring *ring, char c)
{
    return ring_put(ring, &c, 1) == 1;
}

size_t ring_peek(const struct ring *ring, size_t skip, void *bytes, size_t n)
{
    size_t from, first;

    if (skip >= ring->count)
        return 0;
    n = MIN(n, ring->count - skip);
    from = ring_index(ring, skip);
    first = MIN(n, ring->size - from);
    memcpy(bytes, ring->buf + from, first);
    memcpy((char *)bytes + first, ring->buf, n - first);
    return n;
}

size_t ring_skip(struct ring *ring, size_t n)
{
    n = MIN(n, ring->count);
    ring->head = ring_index(ring, n);
    ring->count -= n;
    return n;
}

size_t ring_get(struct ring *ring, void *bytes, size_t n)
{
    return ring_skip(ring, ring_peek(ring, 0, bytes, n));
}
