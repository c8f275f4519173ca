/*
 * The virtio-mmio transport, version 2 (VIRTIO 1.2, 4.2): finding a device, negotiating its
 * features, giving it queues, its configuration and its interrupts.
 *
 *     virtio_begin()        reset, acknowledge, features
 *     virtio_queue_setup()  for each queue
 *     irq_register()
 *     virtio_driver_ok()    the device is live
 *
 * A driver that fails on the way calls virtio_fail(), which resets the device and says so to it.
 */
#pragma once

#include "drivers/irq_chip.h"
#include "drivers/virtqueue.h"
#include "lib/fdt.h"
#include "lib/list.h"
#include "lib/types.h"

/* Device types (VIRTIO 1.2, 5). */
enum virtio_id { VIRTIO_ID_BLOCK = 2, VIRTIO_ID_CONSOLE = 3, VIRTIO_ID_ENTROPY = 4 };

struct virtio_device {
    struct list_head link;
    void *regs;        /* (i) */
    paddr_t base;      /* (i) physical address, its name in messages */
    uint32_t irq;      /* (i) */
    uint32_t id;       /* (i) enum virtio_id, or another */
    uint64_t features; /* (i) negotiated */
};

/*
 * Fills dev from the node. 0; -ENODEV when no device sits there; -ENXIO, with a line that says why,
 * when it cannot be used (a legacy device among others).
 */
int virtio_open(struct virtio_device *dev, const struct fdt *fdt, int node);

/*
 * Resets the device and agrees on features: of `wanted` (bits by number) those that it offers. 0,
 * or -EIO with a line.
 */
int virtio_begin(struct virtio_device *dev, uint64_t wanted);

/* Whether a feature was agreed on. */
bool virtio_has(const struct virtio_device *dev, unsigned feature);

/*
 * Makes queue `index`, with at most max_size descriptors. 0; -ENOENT (the device has no such
 * queue); -ENOMEM.
 */
int virtio_queue_setup(struct virtio_device *dev, unsigned index, unsigned max_size,
                       struct virtqueue *vq);

/* Frees the queue's memory, which the device no longer knows: it was reset. */
void virtio_queue_free(struct virtqueue *vq);

/* The driver is ready; the device may work from here on. */
void virtio_driver_ok(struct virtio_device *dev);

/* Resets the device and tells it that its driver gave up. */
void virtio_fail(struct virtio_device *dev);

/* Rings the doorbell of the queue if the device wants it rung. */
void virtio_kick(struct virtio_device *dev, struct virtqueue *vq);

/*
 * Acknowledges the interrupt. Returns false when the device is in trouble and must be reset
 * (DEVICE_NEEDS_RESET).
 */
bool virtio_interrupt_ok(struct virtio_device *dev);

/* Configuration fields at these offsets, 64-bit ones read as a whole. */
uint32_t virtio_config_read32(struct virtio_device *dev, unsigned offset);
uint64_t virtio_config_read64(struct virtio_device *dev, unsigned offset);
