/*
 * The virtio-mmio transport, version 2. Version 1, the legacy layout, is refused with a line that
 * says how to get version 2 from QEMU.
 *
 * The device's answers are not trusted: waits have an end, sizes are checked. Nothing here locks;
 * each device has one driver, which calls while it sets up, or under its own lock.
 *
 * Source: VIRTIO 1.2: 2.1 (status), 2.2 and 6 (features), 3.1 (initialisation), 4.2.2 (registers).
 */
#include "drivers/virtio.h"

#include "arch/address.h"
#include "drivers/mmio.h"
#include "drivers/resource.h"
#include "kernel/print.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

#define VIRTIO_MAGIC   0x74726976 /* "virt" */
#define VIRTIO_VERSION 2
#define VIRTIO_SIZE    0x200 /* registers, and all configuration that is read here */

enum virtio_register {
    REG_MAGIC = 0x000,
    REG_VERSION = 0x004,
    REG_DEVICE_ID = 0x008,
    REG_DEVICE_FEATURES = 0x010,
    REG_DEVICE_FEATURES_SEL = 0x014,
    REG_DRIVER_FEATURES = 0x020,
    REG_DRIVER_FEATURES_SEL = 0x024,
    REG_QUEUE_SEL = 0x030,
    REG_QUEUE_NUM_MAX = 0x034,
    REG_QUEUE_NUM = 0x038,
    REG_QUEUE_READY = 0x044,
    REG_QUEUE_NOTIFY = 0x050,
    REG_INTERRUPT_STATUS = 0x060,
    REG_INTERRUPT_ACK = 0x064,
    REG_STATUS = 0x070,
    REG_QUEUE_DESC = 0x080,   /* low word; the high one follows */
    REG_QUEUE_DRIVER = 0x090, /* avail ring */
    REG_QUEUE_DEVICE = 0x0a0, /* used ring */
    REG_CONFIG_GENERATION = 0x0fc,
    REG_CONFIG = 0x100,
};

enum virtio_status {
    STATUS_ACKNOWLEDGE = 1,
    STATUS_DRIVER = 2,
    STATUS_DRIVER_OK = 4,
    STATUS_FEATURES_OK = 8,
    STATUS_NEEDS_RESET = 64,
    STATUS_FAILED = 128,
};

#define VIRTIO_F_VERSION_1 32

#define VIRTIO_RESET_SPINS  1000000
#define VIRTIO_CONFIG_TRIES 100

static uint32_t virtio_read(struct virtio_device *dev, enum virtio_register reg)
{
    return mmio_read32(dev->regs, reg);
}

static void virtio_write(struct virtio_device *dev, enum virtio_register reg, uint32_t value)
{
    mmio_write32(dev->regs, reg, value);
}

static void virtio_add_status(struct virtio_device *dev, uint32_t status)
{
    virtio_write(dev, REG_STATUS, virtio_read(dev, REG_STATUS) | status);
}

int virtio_open(struct virtio_device *dev, const struct fdt *fdt, int node)
{
    uint32_t version;

    dev->regs = resource_map(fdt, node, VIRTIO_SIZE, VIRTIO_SIZE, &dev->base);
    if (!dev->regs)
        return -ENXIO;
    if (virtio_read(dev, REG_MAGIC) != VIRTIO_MAGIC) {
        printk("virtio at 0x%lx: no such device there\n", dev->base);
        return -ENXIO;
    }
    dev->id = virtio_read(dev, REG_DEVICE_ID);
    if (dev->id == 0)
        return -ENODEV;
    version = virtio_read(dev, REG_VERSION);
    if (version != VIRTIO_VERSION) {
        printk("virtio at 0x%lx: version %u is not supported%s\n", dev->base, version,
               version == 1 ? "; give QEMU -global virtio-mmio.force-legacy=false" : "");
        return -ENXIO;
    }
    if (irq_of_node(fdt, node, 0, &dev->irq) < 0) {
        printk("virtio at 0x%lx: the tree gives no interrupt\n", dev->base);
        return -ENXIO;
    }
    return 0;
}

/* Resets the device: it touches no memory any more. */
static void virtio_reset(struct virtio_device *dev)
{
    virtio_write(dev, REG_STATUS, 0);
    for (unsigned i = 0; i < VIRTIO_RESET_SPINS && virtio_read(dev, REG_STATUS) != 0; i++)
        cpu_relax();
}

void virtio_fail(struct virtio_device *dev)
{
    virtio_reset(dev);
    virtio_add_status(dev, STATUS_ACKNOWLEDGE | STATUS_FAILED);
}

static uint64_t virtio_offered(struct virtio_device *dev)
{
    uint64_t low, high;

    virtio_write(dev, REG_DEVICE_FEATURES_SEL, 0);
    low = virtio_read(dev, REG_DEVICE_FEATURES);
    virtio_write(dev, REG_DEVICE_FEATURES_SEL, 1);
    high = virtio_read(dev, REG_DEVICE_FEATURES);
    return high << 32 | low;
}

int virtio_begin(struct virtio_device *dev, uint64_t wanted)
{
    uint64_t offered;

    virtio_reset(dev);
    virtio_add_status(dev, STATUS_ACKNOWLEDGE);
    virtio_add_status(dev, STATUS_DRIVER);
    offered = virtio_offered(dev);
    dev->features = offered & (wanted | BIT(VIRTIO_F_VERSION_1));
    virtio_write(dev, REG_DRIVER_FEATURES_SEL, 0);
    virtio_write(dev, REG_DRIVER_FEATURES, (uint32_t)dev->features);
    virtio_write(dev, REG_DRIVER_FEATURES_SEL, 1);
    virtio_write(dev, REG_DRIVER_FEATURES, (uint32_t)(dev->features >> 32));
    if (virtio_has(dev, VIRTIO_F_VERSION_1)) {
        virtio_add_status(dev, STATUS_FEATURES_OK);
        if (virtio_read(dev, REG_STATUS) & STATUS_FEATURES_OK)
            return 0;
    }
    printk("virtio at 0x%lx: offers features 0x%lx and accepts no subset that will do\n", dev->base,
           offered);
    virtio_fail(dev);
    return -EIO;
}

bool virtio_has(const struct virtio_device *dev, unsigned feature)
{
    return dev->features >> feature & 1;
}

static void virtio_write_address(struct virtio_device *dev, enum virtio_register reg,
                                 const volatile void *part)
{
    paddr_t pa = virt_to_phys((const void *)part);

    virtio_write(dev, reg, (uint32_t)pa);
    virtio_write(dev, reg + sizeof(uint32_t), (uint32_t)(pa >> 32));
}

int virtio_queue_setup(struct virtio_device *dev, unsigned index, unsigned max_size,
                       struct virtqueue *vq)
{
    uint32_t size;
    void *memory;

    vq->size = 0;
    virtio_write(dev, REG_QUEUE_SEL, index);
    size = MIN(virtio_read(dev, REG_QUEUE_NUM_MAX), max_size);
    if (size == 0 || virtio_read(dev, REG_QUEUE_READY) != 0)
        return -ENOENT;
    size = 1U << log2_floor(size);
    memory = kmalloc(virtqueue_bytes(size), ALLOC_ZERO);
    if (!memory)
        return -ENOMEM;
    virtqueue_init(vq, index, size, memory);
    virtio_write(dev, REG_QUEUE_NUM, size);
    virtio_write_address(dev, REG_QUEUE_DESC, vq->desc);
    virtio_write_address(dev, REG_QUEUE_DRIVER, vq->avail);
    virtio_write_address(dev, REG_QUEUE_DEVICE, vq->used);
    virtio_write(dev, REG_QUEUE_READY, 1);
    return 0;
}

void virtio_queue_free(struct virtqueue *vq)
{
    if (vq->size > 0)
        kmfree(vq->desc); /* the queue's memory begins with its descriptors */
    vq->size = 0;
}

void virtio_driver_ok(struct virtio_device *dev)
{
    virtio_add_status(dev, STATUS_DRIVER_OK);
}

void virtio_kick(struct virtio_device *dev, struct virtqueue *vq)
{
    if (virtqueue_wants_kick(vq))
        virtio_write(dev, REG_QUEUE_NOTIFY, vq->index);
}

bool virtio_interrupt_ok(struct virtio_device *dev)
{
    uint32_t status = virtio_read(dev, REG_INTERRUPT_STATUS);

    if (status)
        virtio_write(dev, REG_INTERRUPT_ACK, status);
    return !(virtio_read(dev, REG_STATUS) & STATUS_NEEDS_RESET);
}

uint32_t virtio_config_read32(struct virtio_device *dev, unsigned offset)
{
    return mmio_read32(dev->regs, REG_CONFIG + offset);
}

uint64_t virtio_config_read64(struct virtio_device *dev, unsigned offset)
{
    uint32_t before, low = 0, high = 0;

    for (unsigned i = 0; i < VIRTIO_CONFIG_TRIES; i++) {
        before = virtio_read(dev, REG_CONFIG_GENERATION);
        low = virtio_config_read32(dev, offset);
        high = virtio_config_read32(dev, offset + sizeof(low));
        if (virtio_read(dev, REG_CONFIG_GENERATION) == before)
            break;
    }
    return (uint64_t)high << 32 | low;
}
