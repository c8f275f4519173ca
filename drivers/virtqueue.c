/*
 * Split virtqueues. The free descriptors form a list through slots[].next, and so does each chain
 * in flight: the device's copy of the links, in the descriptors, is written and never read back.
 *
 * Order of stores (2.7.13): descriptors, the avail ring's entry, barrier, the avail index, barrier,
 * then the look at the used ring's flags that decides about the doorbell. On the way back: the used
 * index, barrier, the used element.
 *
 * Source: VIRTIO 1.2, 2.7; all fields are little-endian, as the machine is.
 */
#include "drivers/virtqueue.h"

#include "arch/irq.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/errno.h"

#define VIRTQ_DESC_F_NEXT      1
#define VIRTQ_DESC_F_WRITE     2
#define VIRTQ_USED_F_NO_NOTIFY 1
#define VIRTQ_USED_ALIGN       4

struct virtq_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags;
    uint16_t next;
};

struct virtq_avail {
    uint16_t flags;
    uint16_t idx;
    uint16_t ring[];
};

struct virtq_used_elem {
    uint32_t id;
    uint32_t len;
};

struct virtq_used {
    uint16_t flags;
    uint16_t idx;
    struct virtq_used_elem ring[];
};

struct virtqueue_slot {
    void *token;       /* of the chain that begins here; NULL: none does */
    uint32_t writable; /* bytes of that chain that the device may write */
    uint16_t count;    /* descriptors of that chain */
    uint16_t next;     /* the next of its chain or of the free list */
};

static size_t virtqueue_used_offset(unsigned size)
{
    size_t avail_end = size * sizeof(struct virtq_desc) + sizeof(struct virtq_avail) +
                       size * sizeof(uint16_t) + sizeof(uint16_t); /* used_event: 2.7.6 */

    return ALIGN_UP(avail_end, VIRTQ_USED_ALIGN);
}

static size_t virtqueue_slots_offset(unsigned size)
{
    size_t used_end = virtqueue_used_offset(size) + sizeof(struct virtq_used) +
                      size * sizeof(struct virtq_used_elem) + sizeof(uint16_t); /* avail_event */

    return ALIGN_UP(used_end, _Alignof(struct virtqueue_slot));
}

size_t virtqueue_bytes(unsigned size)
{
    return virtqueue_slots_offset(size) + size * sizeof(struct virtqueue_slot);
}

void virtqueue_init(struct virtqueue *vq, unsigned index, unsigned size, void *memory)
{
    char *base = memory;

    assert(is_power_of_two(size) && size <= VIRTQUEUE_SIZE_MAX);
    *vq = (struct virtqueue){
        .index = (uint16_t)index,
        .size = (uint16_t)size,
        .free_count = (uint16_t)size,
        .desc = memory,
        .avail = (void *)(base + size * sizeof(struct virtq_desc)),
        .used = (void *)(base + virtqueue_used_offset(size)),
        .slots = (void *)(base + virtqueue_slots_offset(size)),
    };
    for (unsigned i = 0; i < size; i++)
        vq->slots[i].next = (uint16_t)(i + 1);
}

/* Publishes the chain in the avail ring. */
static void virtqueue_publish(struct virtqueue *vq, uint16_t head)
{
    vq->avail->ring[vq->avail_next % vq->size] = head;
    io_barrier();
    vq->avail->idx = ++vq->avail_next;
}

int virtqueue_add(struct virtqueue *vq, const struct virtqueue_buffer *buffers, unsigned readable,
                  unsigned writable, void *token)
{
    unsigned count = readable + writable;
    uint16_t head = vq->free_head, at = head;
    uint32_t bytes = 0;

    assert(count > 0 && token);
    if (vq->broken || vq->size == 0)
        return -EIO;
    if (count > vq->free_count)
        return -ENOSPC;
    for (unsigned i = 0; i < count; i++) {
        bool write = i >= readable, last = i + 1 == count;

        vq->desc[at] = (struct virtq_desc){
            .addr = buffers[i].addr,
            .len = buffers[i].len,
            .flags = (uint16_t)((write ? VIRTQ_DESC_F_WRITE : 0) | (last ? 0 : VIRTQ_DESC_F_NEXT)),
            .next = last ? 0 : vq->slots[at].next,
        };
        bytes += write ? buffers[i].len : 0;
        at = vq->slots[at].next;
    }
    vq->free_head = at;
    vq->free_count -= count;
    vq->chains++;
    vq->slots[head].token = token;
    vq->slots[head].count = (uint16_t)count;
    vq->slots[head].writable = bytes;
    virtqueue_publish(vq, head);
    return 0;
}

bool virtqueue_wants_kick(struct virtqueue *vq)
{
    io_barrier();
    return !vq->broken && !(vq->used->flags & VIRTQ_USED_F_NO_NOTIFY);
}

bool virtqueue_has_used(const struct virtqueue *vq)
{
    return vq->size > 0 && !vq->broken && vq->used->idx != vq->used_next;
}

/* Gives a chain's descriptors back to the free list; returns its token. */
static void *virtqueue_release(struct virtqueue *vq, uint16_t head)
{
    struct virtqueue_slot *slot = &vq->slots[head];
    void *token = slot->token;
    uint16_t last = head;

    for (unsigned i = 1; i < slot->count; i++)
        last = vq->slots[last].next;
    vq->slots[last].next = vq->free_head;
    vq->free_head = head;
    vq->free_count += slot->count;
    vq->chains--;
    slot->token = NULL;
    slot->count = 0;
    return token;
}

void *virtqueue_get_used(struct virtqueue *vq, uint32_t *len)
{
    volatile struct virtq_used_elem *elem;
    uint32_t id, written;

    if (!virtqueue_has_used(vq))
        return NULL;
    if ((uint16_t)(vq->used->idx - vq->used_next) > vq->chains) {
        vq->broken = true;
        return NULL;
    }
    io_barrier();
    elem = &vq->used->ring[vq->used_next % vq->size];
    id = elem->id;
    written = elem->len;
    if (id >= vq->size || !vq->slots[id].token) {
        vq->broken = true;
        return NULL;
    }
    vq->used_next++;
    *len = MIN(written, vq->slots[id].writable);
    return virtqueue_release(vq, (uint16_t)id);
}

void *virtqueue_take_back(struct virtqueue *vq)
{
    for (uint16_t head = 0; head < vq->size; head++)
        if (vq->slots[head].token)
            return virtqueue_release(vq, head);
    return NULL;
}

void virtqueue_check(const struct virtqueue *vq)
{
    unsigned chains = 0, in_flight = 0, free_count = 0;
    uint64_t seen[DIV_ROUND_UP(VIRTQUEUE_SIZE_MAX, 64)] = {0};

    for (uint16_t at = vq->free_head; at != vq->size; at = vq->slots[at].next) {
        assert(at < vq->size && !(seen[at / 64] >> at % 64 & 1));
        assert(!vq->slots[at].token && vq->slots[at].count == 0);
        seen[at / 64] |= UINT64_C(1) << at % 64;
        free_count++;
    }
    for (unsigned head = 0; head < vq->size; head++) {
        uint16_t at = (uint16_t)head;

        assert(!vq->slots[head].token == (vq->slots[head].count == 0));
        for (unsigned i = 0; i < vq->slots[head].count; i++, at = vq->slots[at].next) {
            assert(at < vq->size && !(seen[at / 64] >> at % 64 & 1));
            seen[at / 64] |= UINT64_C(1) << at % 64;
            in_flight++;
        }
        chains += vq->slots[head].token != NULL;
    }
    assert(free_count == vq->free_count && chains == vq->chains);
    assert(free_count + in_flight == vq->size);
}
