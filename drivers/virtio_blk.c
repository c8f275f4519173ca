/*
 * virtio disks. A request waits until a slot is free, then goes to the device in pieces, each as
 * large as the device and its ring take (mostly: all of it at once), and comes back when the last
 * piece is done or one has failed.
 *
 *   waiting     requests without a slot
 *   unfinished  slots whose next piece has not gone out yet: the ring was full
 *   in the ring slots whose piece the device works on
 *
 * A device that breaks the rules or asks for a reset is reset, and all its requests, now and later,
 * end in -EIO.
 *
 * blk->lock (irqsave) guards the lists, the ring and the slots; done() is called without it, in
 * the interrupt or in submit().
 */
#include "drivers/virtio_blk.h"

#include "arch/address.h"
#include "drivers/block.h"
#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "mm/alloc/kmalloc.h"

/* Features, request types and status: VIRTIO 1.2, 5.2.3 and 5.2.6. */
#define VIRTIO_BLK_F_SIZE_MAX 1
#define VIRTIO_BLK_F_SEG_MAX  2
#define VIRTIO_BLK_F_RO       5
#define VIRTIO_BLK_F_FLUSH    9

#define VIRTIO_BLK_T_IN    0
#define VIRTIO_BLK_T_OUT   1
#define VIRTIO_BLK_T_FLUSH 4

#define VIRTIO_BLK_S_OK     0
#define VIRTIO_BLK_S_IOERR  1
#define VIRTIO_BLK_S_UNSUPP 2

/* Offsets in the configuration: 5.2.4. */
#define CONFIG_CAPACITY 0
#define CONFIG_SIZE_MAX 8
#define CONFIG_SEG_MAX  12

#define BLK_QUEUE       0
#define BLK_SLOTS       32
#define BLK_EXTRA       2 /* descriptors beside the data: header and status */
#define BLK_STATUS_NONE 0xff
#define BLK_DISKS_MAX   26

/* Where in a request's segments the next piece begins. */
struct blk_cursor {
    unsigned segment;
    uint32_t offset; /* bytes into it */
};

/* What the device reads before the data. */
struct blk_header {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector;
};

struct blk_slot {
    struct blk_header header; /* the device reads it */
    uint8_t status;           /* the device writes it */
    struct block_request *req;
    struct blk_cursor next; /* of the piece after the one in the ring */
    sector_t sector;        /* of the piece in the ring */
    uint64_t bytes;         /* of the piece in the ring */
    struct list_head link;  /* free or unfinished */
};

struct virtio_blk {
    struct block_device dev;
    struct virtio_device *vdev; /* (i) */
    struct spinlock lock;
    struct virtqueue vq;                        /* lock */
    struct list_head waiting, unfinished, free; /* lock */
    bool dead;                                  /* lock */
    bool can_flush;                             /* (i) */
    uint32_t segments_max, segment_bytes_max;   /* (i) of one piece */
    char name[4];                               /* (i) */
    struct blk_slot slots[BLK_SLOTS];
};

static unsigned blk_count; /* starting is one task's */

/* Describes the next piece of the slot's request in buffers; returns how many it took. */
static unsigned blk_describe(struct virtio_blk *blk, struct blk_slot *slot,
                             struct virtqueue_buffer *buffers)
{
    struct block_request *req = slot->req;
    unsigned count = 0;

    slot->bytes = 0;
    while (count < blk->segments_max && slot->next.segment < req->segment_count) {
        const struct block_segment *segment = &req->segment[slot->next.segment];
        uint32_t len = MIN(segment->len - slot->next.offset, blk->segment_bytes_max);

        buffers[count++] = (struct virtqueue_buffer){segment->addr + slot->next.offset, len};
        slot->bytes += len;
        slot->next.offset += len;
        if (slot->next.offset == segment->len)
            slot->next = (struct blk_cursor){slot->next.segment + 1, 0};
    }
    return count;
}

/* Puts the slot's next piece into the ring. 0, -ENOSPC (nothing has changed) or -EIO. */
static int blk_send(struct virtio_blk *blk, struct blk_slot *slot)
{
    static const uint32_t types[] = {
        [BLOCK_READ] = VIRTIO_BLK_T_IN,
        [BLOCK_WRITE] = VIRTIO_BLK_T_OUT,
        [BLOCK_FLUSH] = VIRTIO_BLK_T_FLUSH,
    };
    struct virtqueue_buffer buffers[BLOCK_SEGMENTS_MAX + BLK_EXTRA];
    enum block_op op = slot->req->op;
    struct blk_cursor start = slot->next;
    unsigned data = 0;
    int error;

    if (op != BLOCK_FLUSH)
        data = blk_describe(blk, slot, buffers + 1);
    slot->status = BLK_STATUS_NONE;
    slot->header = (struct blk_header){types[op], 0, op == BLOCK_FLUSH ? 0 : slot->sector};
    buffers[0] = (struct virtqueue_buffer){virt_to_phys(&slot->header), sizeof(slot->header)};
    buffers[1 + data] = (struct virtqueue_buffer){virt_to_phys(&slot->status), 1};
    if (op == BLOCK_READ)
        error = virtqueue_add(&blk->vq, buffers, 1, data + 1, slot);
    else
        error = virtqueue_add(&blk->vq, buffers, 1 + data, 1, slot);
    if (error)
        slot->next = start;
    return error;
}

/* The next slot with something to send: one that waits for the ring, or a new request's. */
static struct blk_slot *blk_next_slot(struct virtio_blk *blk)
{
    struct blk_slot *slot;

    if (!list_empty(&blk->unfinished))
        return list_first_entry(&blk->unfinished, struct blk_slot, link);
    if (list_empty(&blk->waiting) || list_empty(&blk->free))
        return NULL;
    slot = list_first_entry(&blk->free, struct blk_slot, link);
    slot->req = list_first_entry(&blk->waiting, struct block_request, link);
    slot->next = (struct blk_cursor){0, 0};
    slot->sector = slot->req->sector;
    slot->bytes = 0;
    list_del(&slot->req->link);
    list_del(&slot->link);
    list_add_tail(&slot->link, &blk->unfinished);
    return slot;
}

/* Fills the ring as far as it goes. The caller holds the lock. */
static void blk_push(struct virtio_blk *blk)
{
    struct blk_slot *slot;
    bool sent = false;

    while ((slot = blk_next_slot(blk)) && blk_send(blk, slot) == 0) {
        list_del(&slot->link);
        sent = true;
    }
    if (sent)
        virtio_kick(blk->vdev, &blk->vq);
}

/* What the device says about the piece: 0 or a negative errno. */
static int blk_result(const struct blk_slot *slot, uint32_t written)
{
    switch (slot->status) {
    case VIRTIO_BLK_S_OK:
        /* A read that says it wrote less than it should has left old bytes in the buffers. */
        return slot->req->op == BLOCK_READ && written < slot->bytes + 1 ? -EIO : 0;
    case VIRTIO_BLK_S_UNSUPP:
        return -EOPNOTSUPP;
    case VIRTIO_BLK_S_IOERR:
    default:
        return -EIO;
    }
}

/* The next request that has ended, with its error; NULL: none. The caller holds the lock. */
static struct block_request *blk_finish(struct virtio_blk *blk, int *error)
{
    struct block_request *req;
    struct blk_slot *slot;
    uint32_t written;

    while ((slot = virtqueue_get_used(&blk->vq, &written)) != NULL) {
        req = slot->req;
        *error = blk_result(slot, written);
        if (!*error && req->op != BLOCK_FLUSH && slot->next.segment < req->segment_count) {
            slot->sector += slot->bytes >> SECTOR_SHIFT;
            list_add_tail(&slot->link, &blk->unfinished);
            continue;
        }
        list_add(&slot->link, &blk->free);
        return req;
    }
    return NULL;
}

/* Moves every request that the driver has to the list. The caller holds the lock. */
static void blk_take_all(struct virtio_blk *blk, struct list_head *requests)
{
    struct blk_slot *slot;

    while ((slot = virtqueue_take_back(&blk->vq)) != NULL)
        list_add_tail(&slot->link, &blk->unfinished);
    while (!list_empty(&blk->unfinished)) {
        slot = list_first_entry(&blk->unfinished, struct blk_slot, link);
        list_add_tail(&slot->req->link, requests);
        list_del(&slot->link);
        list_add(&slot->link, &blk->free);
    }
    list_splice_tail(&blk->waiting, requests);
}

/* The device is in trouble: it is reset, so that it lets go of all memory, and given up. */
static void blk_die(struct virtio_blk *blk)
{
    struct list_head requests = LIST_HEAD_INIT(requests);
    uint64_t flags = spin_lock_irqsave(&blk->lock);
    bool first = !blk->dead;

    blk->dead = true;
    if (first) {
        virtio_fail(blk->vdev);
        blk_take_all(blk, &requests);
    }
    spin_unlock_irqrestore(&blk->lock, flags);
    if (first)
        printk("%s: the device failed and is given up\n", blk->name);
    while (!list_empty(&requests)) {
        struct block_request *req = list_first_entry(&requests, struct block_request, link);

        list_del(&req->link);
        req->done(req, -EIO);
    }
}

static void blk_interrupt(void *owner)
{
    struct virtio_blk *blk = owner;
    bool ok = virtio_interrupt_ok(blk->vdev);
    struct block_request *req;
    uint64_t flags;
    int error;

    do {
        flags = spin_lock_irqsave(&blk->lock);
        req = blk_finish(blk, &error);
        if (!blk->dead)
            blk_push(blk);
        ok = ok && !blk->vq.broken;
        spin_unlock_irqrestore(&blk->lock, flags);
        if (req)
            req->done(req, error);
    } while (req);
    if (!ok)
        blk_die(blk);
}

static void blk_submit(struct block_device *dev, struct block_request *req)
{
    struct virtio_blk *blk = container_of(dev, struct virtio_blk, dev);
    uint64_t flags;
    bool dead;

    if (req->op == BLOCK_FLUSH && !blk->can_flush) {
        req->done(req, 0); /* the device has no cache that could be lost: 5.2.6.2 */
        return;
    }
    flags = spin_lock_irqsave(&blk->lock);
    dead = blk->dead;
    if (!dead) {
        list_add_tail(&req->link, &blk->waiting);
        blk_push(blk);
    }
    spin_unlock_irqrestore(&blk->lock, flags);
    if (dead)
        req->done(req, -EIO);
}

static const struct block_ops blk_ops = {
    .submit = blk_submit,
};

/* How large a piece may be. 0, or -EIO when the device takes none that holds a sector. */
static int blk_read_limits(struct virtio_blk *blk)
{
    uint32_t segments = BLOCK_SEGMENTS_MAX, bytes = UINT32_MAX;

    if (virtio_has(blk->vdev, VIRTIO_BLK_F_SEG_MAX))
        segments = MIN(segments, MAX(virtio_config_read32(blk->vdev, CONFIG_SEG_MAX), 1U));
    if (virtio_has(blk->vdev, VIRTIO_BLK_F_SIZE_MAX))
        bytes = virtio_config_read32(blk->vdev, CONFIG_SIZE_MAX);
    if (blk->vq.size <= BLK_EXTRA || bytes < SECTOR_SIZE)
        return -EIO;
    blk->segments_max = MIN(segments, (uint32_t)blk->vq.size - BLK_EXTRA);
    blk->segment_bytes_max = ALIGN_DOWN(bytes, SECTOR_SIZE);
    return 0;
}

static void blk_init(struct virtio_blk *blk, struct virtio_device *vdev)
{
    blk->vdev = vdev;
    spin_init(&blk->lock, "virtio-blk");
    list_init(&blk->waiting);
    list_init(&blk->unfinished);
    list_init(&blk->free);
    for (unsigned i = 0; i < BLK_SLOTS; i++)
        list_add_tail(&blk->slots[i].link, &blk->free);
    fmt_snprintf(blk->name, sizeof(blk->name), "vd%c", 'a' + (int)blk_count);
    blk->dev.name = blk->name;
    blk->dev.ops = &blk_ops;
}

/* Features, queue, limits, interrupt. 0 or a negative errno. */
static int blk_setup(struct virtio_blk *blk)
{
    struct virtio_device *vdev = blk->vdev;
    int error = virtio_begin(vdev, BIT(VIRTIO_BLK_F_SIZE_MAX) | BIT(VIRTIO_BLK_F_SEG_MAX) |
                                       BIT(VIRTIO_BLK_F_RO) | BIT(VIRTIO_BLK_F_FLUSH));

    if (!error)
        error = virtio_queue_setup(vdev, BLK_QUEUE, VIRTQUEUE_SIZE_MAX, &blk->vq);
    if (!error)
        error = blk_read_limits(blk);
    if (error)
        return error;
    blk->can_flush = virtio_has(vdev, VIRTIO_BLK_F_FLUSH);
    blk->dev.read_only = virtio_has(vdev, VIRTIO_BLK_F_RO);
    blk->dev.sectors = virtio_config_read64(vdev, CONFIG_CAPACITY);
    return irq_register(vdev->irq, blk_interrupt, blk);
}

int virtio_blk_start(struct virtio_device *vdev)
{
    struct virtio_blk *blk;
    int error;

    if (blk_count == BLK_DISKS_MAX)
        return -ENOSPC;
    blk = kmalloc(sizeof(*blk), ALLOC_ZERO);
    if (!blk)
        return -ENOMEM;
    blk_init(blk, vdev);
    error = blk_setup(blk);
    if (error) {
        virtio_fail(vdev);
        virtio_queue_free(&blk->vq);
        kmfree(blk);
        return error;
    }
    blk_count++;
    virtio_driver_ok(vdev);
    block_register(&blk->dev);
    printk("%s: %lu sectors%s\n", blk->name, blk->dev.sectors,
           blk->dev.read_only ? ", read-only" : "");
    return 0;
}
