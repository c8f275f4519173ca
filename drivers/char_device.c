/*
 * Byte streams: the list of those that the machine has. Registered while the machine is probed, by
 * one task, and never taken away: the list is read without a lock afterwards.
 */
#include "drivers/char_device.h"

#include "lib/string.h"

static struct list_head char_devices = LIST_HEAD_INIT(char_devices); /* (i) after probing */

void char_register(struct char_device *dev)
{
    list_add_tail(&dev->link, &char_devices);
}

struct char_device *char_get(unsigned index)
{
    struct char_device *dev;

    list_for_each_entry (dev, &char_devices, link)
        if (index-- == 0)
            return dev;
    return NULL;
}

struct char_device *char_find(const char *name)
{
    struct char_device *dev;

    list_for_each_entry (dev, &char_devices, link)
        if (strcmp(dev->name, name) == 0)
            return dev;
    return NULL;
}
