/*
 * The machine's virtio devices, started in the order of falling addresses: QEMU gives the first
 * -device of its command line the highest slot of the virt machine, so the first disk named there
 * becomes vda, whatever order the tree lists the slots in.
 */
#include "drivers/virtio_bus.h"

#include "drivers/virtio.h"
#include "drivers/virtio_blk.h"
#include "drivers/virtio_console.h"
#include "drivers/virtio_rng.h"
#include "kernel/print.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

static struct list_head virtio_devices = LIST_HEAD_INIT(virtio_devices); /* probing is one task's */

static const struct virtio_driver {
    uint32_t id; /* enum virtio_id */
    const char *name;
    int (*start)(struct virtio_device *dev);
} virtio_drivers[] = {
    {VIRTIO_ID_BLOCK, "disk", virtio_blk_start},
    {VIRTIO_ID_CONSOLE, "console", virtio_console_start},
    {VIRTIO_ID_ENTROPY, "entropy source", virtio_rng_start},
};

/* Before the first device with a lower address. */
static void virtio_bus_insert(struct virtio_device *dev)
{
    struct virtio_device *other;

    list_for_each_entry (other, &virtio_devices, link)
        if (other->base < dev->base)
            break;
    list_add_tail(&dev->link, &other->link);
}

int virtio_bus_add(const struct fdt *fdt, int node)
{
    struct virtio_device *dev = kmalloc(sizeof(*dev), ALLOC_ZERO);
    int error;

    if (!dev)
        return -ENOMEM;
    error = virtio_open(dev, fdt, node);
    if (error) {
        kmfree(dev);
        return error == -ENODEV ? 0 : error;
    }
    virtio_bus_insert(dev);
    return 0;
}

static void virtio_bus_start_one(struct virtio_device *dev)
{
    for (size_t i = 0; i < ARRAY_SIZE(virtio_drivers); i++) {
        int error;

        if (virtio_drivers[i].id != dev->id)
            continue;
        error = virtio_drivers[i].start(dev);
        if (error)
            printk("virtio at 0x%lx: the %s could not be started (error %d)\n", dev->base,
                   virtio_drivers[i].name, -error);
        return;
    }
    printk("virtio at 0x%lx: no driver for a device of type %u\n", dev->base, dev->id);
}

void virtio_bus_start(void)
{
    struct virtio_device *dev;

    list_for_each_entry (dev, &virtio_devices, link)
        virtio_bus_start_one(dev);
}
