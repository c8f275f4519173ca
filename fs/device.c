/*
 * The registry of devices by number: see fs/device.h. A list: there are a handful, and it is walked
 * only when a node is opened.
 */
#include "fs/device.h"

#include "kernel/spinlock.h"
#include "lib/errno.h"

static struct spinlock device_lock = SPINLOCK_INIT("devices");
static struct list_head devices = LIST_HEAD_INIT(devices); /* device_lock */

static struct device *device_find_locked(mode_t type, uint64_t rdev)
{
    struct device *device;

    list_for_each_entry (device, &devices, link) {
        if (device->type == type && device->rdev == rdev)
            return device;
    }
    return NULL;
}

static struct device *device_find(mode_t type, uint64_t rdev)
{
    struct device *device;

    spin_lock(&device_lock);
    device = device_find_locked(type, rdev);
    spin_unlock(&device_lock);
    return device;
}

int device_register(struct device *device)
{
    int error = -EBUSY;

    spin_lock(&device_lock);
    if (!device_find_locked(device->type, device->rdev)) {
        list_add_tail(&device->link, &devices);
        error = 0;
    }
    spin_unlock(&device_lock);
    return error;
}

static int device_node_open(struct file *file)
{
    struct device *device = device_find(file->inode->mode & S_IFMT, file->inode->rdev);

    if (!device)
        return -ENXIO;
    file->ops = device->ops;
    file->private = device->private;
    return device->ops->open ? device->ops->open(file) : 0;
}

const struct file_ops device_node_ops = {.open = device_node_open};
