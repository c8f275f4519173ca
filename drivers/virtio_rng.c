/*
 * virtio's source of random bytes: one queue, one buffer, which the device fills. What it gives is
 * mixed into the generator, and asked for again when that says so.
 *
 * rng->lock (irqsave) guards the queue and the buffer, which is the device's while `asked`.
 */
#include "drivers/virtio_rng.h"

#include "arch/address.h"
#include "arch/time.h"
#include "drivers/entropy.h"
#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "sched/wait.h"

#define RNG_QUEUE   0
#define RNG_BYTES   64
#define RNG_WAIT_NS 1000000000UL

struct virtio_rng {
    struct virtio_device *vdev; /* (i) */
    struct spinlock lock;
    struct virtqueue vq;    /* lock */
    bool asked;             /* lock */
    _Atomic bool delivered; /* (a) bytes came at least once */
    struct wait_queue wait;
    uint8_t bytes[RNG_BYTES]; /* lock; the device's while asked */
};

static void rng_ask(void *owner)
{
    struct virtio_rng *rng = owner;
    struct virtqueue_buffer buffer = {virt_to_phys(rng->bytes), RNG_BYTES};
    uint64_t flags = spin_lock_irqsave(&rng->lock);

    if (!rng->asked && virtqueue_add(&rng->vq, &buffer, 0, 1, rng) == 0) {
        rng->asked = true;
        virtio_kick(rng->vdev, &rng->vq);
    }
    spin_unlock_irqrestore(&rng->lock, flags);
}

static void rng_interrupt(void *owner)
{
    struct virtio_rng *rng = owner;
    uint64_t flags;
    uint32_t n;

    virtio_interrupt_ok(rng->vdev);
    flags = spin_lock_irqsave(&rng->lock);
    if (virtqueue_get_used(&rng->vq, &n)) {
        rng->asked = false;
        entropy_add(rng->bytes, n);
        rng->delivered = true;
    }
    spin_unlock_irqrestore(&rng->lock, flags);
    wait_wake_all(&rng->wait);
}

int virtio_rng_start(struct virtio_device *vdev)
{
    struct virtio_rng *rng = kmalloc(sizeof(*rng), ALLOC_ZERO);
    int error;

    if (!rng)
        return -ENOMEM;
    rng->vdev = vdev;
    spin_init(&rng->lock, "virtio-rng");
    wait_queue_init(&rng->wait);
    error = virtio_begin(vdev, 0);
    if (!error)
        error = virtio_queue_setup(vdev, RNG_QUEUE, 1, &rng->vq);
    if (!error)
        error = irq_register(vdev->irq, rng_interrupt, rng);
    if (error) {
        virtio_fail(vdev);
        virtio_queue_free(&rng->vq);
        kmfree(rng);
        return error;
    }
    virtio_driver_ok(vdev);
    rng_ask(rng);
    if (wait_event_until(&rng->wait, rng->delivered, time_ns() + RNG_WAIT_NS) < 0)
        printk("virtio-rng: no bytes came within a second\n");
    entropy_set_source(rng_ask, rng);
    return 0;
}
