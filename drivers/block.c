/*
 * Block devices: the list of those that the machine has, and the checks that every request passes
 * before a driver sees it, so that drivers need none.
 *
 * Devices are registered while the machine is probed, by one task, and never taken away: the list
 * is read without a lock afterwards.
 */
#include "drivers/block.h"

#include "lib/errno.h"
#include "lib/string.h"

static struct list_head block_devices = LIST_HEAD_INIT(block_devices); /* (i) after probing */

void block_register(struct block_device *dev)
{
    list_add_tail(&dev->link, &block_devices);
}

struct block_device *block_find(const char *name)
{
    struct block_device *dev;

    list_for_each_entry (dev, &block_devices, link)
        if (strcmp(dev->name, name) == 0)
            return dev;
    return NULL;
}

struct block_device *block_get(unsigned index)
{
    struct block_device *dev;

    list_for_each_entry (dev, &block_devices, link)
        if (index-- == 0)
            return dev;
    return NULL;
}

/* 0, or why the device will not be bothered with the request. */
static int block_check(const struct block_device *dev, const struct block_request *req)
{
    uint64_t bytes = 0;

    if (req->op == BLOCK_FLUSH)
        return 0;
    if (req->op == BLOCK_WRITE && dev->read_only)
        return -EROFS;
    if (req->segment_count == 0 || req->segment_count > BLOCK_SEGMENTS_MAX)
        return -EIO;
    for (unsigned i = 0; i < req->segment_count; i++) {
        if (req->segment[i].len == 0 || !IS_ALIGNED(req->segment[i].len, SECTOR_SIZE))
            return -EIO;
        bytes += req->segment[i].len;
    }
    if (bytes > BLOCK_BYTES_MAX || req->sector > dev->sectors ||
        bytes >> SECTOR_SHIFT > dev->sectors - req->sector)
        return -EIO;
    return 0;
}

void block_submit(struct block_device *dev, struct block_request *req)
{
    int error = block_check(dev, req);

    if (error)
        req->done(req, error);
    else
        dev->ops->submit(dev, req);
}
