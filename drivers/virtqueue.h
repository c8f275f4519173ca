/*
 * Split virtqueues: the ring of buffers between a virtio driver and its device (Virtual I/O Device
 * (VIRTIO) 1.2, 2.7). Pure memory: the transport tells the device where it lies and rings its
 * doorbell (drivers/virtio.h).
 *
 *   descriptors   size of {address, length, flags, next}; buffers of one request are chained
 *   avail ring    driver -> device: heads of chains to work on
 *   used ring     device -> driver: heads of chains done, with the bytes written
 *
 * The device is not trusted: which descriptors form a chain is kept aside, and a used element that
 * names no chain in flight marks the queue broken; from then on nothing is added or returned.
 *
 * Not locked; the owner locks.
 */
#pragma once

#include "lib/types.h"

#define VIRTQUEUE_SIZE_MAX 128

/* A piece of memory for the device; its address as the device sees it. */
struct virtqueue_buffer {
    paddr_t addr;
    uint32_t len;
};

struct virtq_desc;
struct virtq_avail;
struct virtq_used;
struct virtqueue_slot;

struct virtqueue {
    uint16_t index;     /* (i) which of the device's queues */
    uint16_t size;      /* (i) descriptors, a power of two; 0: not set up */
    uint16_t free_head; /* first free descriptor; size: none */
    uint16_t free_count;
    uint16_t chains;                    /* in flight */
    uint16_t avail_next, used_next;     /* running counts, modulo 2^16 */
    bool broken;                        /* the device did what it must not */
    struct virtq_desc *desc;            /* (i) */
    volatile struct virtq_avail *avail; /* (i) */
    volatile struct virtq_used *used;   /* (i) the device writes it */
    struct virtqueue_slot *slots; /* (i) ours alone: a token and the chain of each descriptor */
};

/* Bytes of memory that a queue of this size needs, aligned to 16, contiguous for the device. */
size_t virtqueue_bytes(unsigned size);

/* Lays an empty queue out in zeroed memory; size is a power of two up to VIRTQUEUE_SIZE_MAX. */
void virtqueue_init(struct virtqueue *vq, unsigned index, unsigned size, void *memory);

/*
 * Gives the device a chain: first `readable` buffers that it reads, then `writable` ones that it
 * writes; together at least one. token comes back from virtqueue_get_used() and is not NULL. 0,
 * -ENOSPC (not enough descriptors now) or -EIO (broken).
 */
int virtqueue_add(struct virtqueue *vq, const struct virtqueue_buffer *buffers, unsigned readable,
                  unsigned writable, void *token);

/* Whether the device wants to hear of what was added. */
bool virtqueue_wants_kick(struct virtqueue *vq);

/* Whether virtqueue_get_used() would return something. */
bool virtqueue_has_used(const struct virtqueue *vq);

/*
 * The token of the next chain that the device has done, or NULL. *len: the bytes that it says it
 * wrote, at most those that it was given to write.
 */
void *virtqueue_get_used(struct virtqueue *vq, uint32_t *len);

/* After the device was reset: takes back any chain in flight; its token, or NULL when all are. */
void *virtqueue_take_back(struct virtqueue *vq);

/* Asserts every invariant. */
void virtqueue_check(const struct virtqueue *vq);
