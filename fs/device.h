/*
 * Device nodes: what opening a node of a given number leads to. A driver's file side (fs/devfs.c,
 * fs/tty.c) registers its functions under the device's number; a node on any file system, /dev or
 * ext2, then opens the same device.
 *
 * Numbers are as stat(2) gives them (Linux, include/linux/kdev_t.h, new_encode_dev).
 */
#pragma once

#include "fs/file.h"

struct device {
    const char *name;           /* (i) for messages and /proc/devices: "null" */
    mode_t type;                /* (i) S_IFCHR or S_IFBLK */
    uint64_t rdev;              /* (i) device_number() */
    const struct file_ops *ops; /* (i) what its files do; ops->open is called if it is there */
    void *private;              /* (i) file->private before ops->open */
    struct list_head link;      /* the registry's */
};

static inline uint64_t device_number(uint32_t major, uint32_t minor)
{
    return (minor & 0xff) | (uint64_t)(major & 0xfff) << 8 | (uint64_t)(minor & ~0xffu) << 12;
}

static inline uint32_t device_major(uint64_t rdev)
{
    return rdev >> 8 & 0xfff;
}

static inline uint32_t device_minor(uint64_t rdev)
{
    return (rdev & 0xff) | (rdev >> 12 & 0xfff00);
}

/* Makes the device findable; it must stay. 0, or -EBUSY when its number is taken. */
int device_register(struct device *device);

/*
 * For inode->file_ops of device nodes: open finds the device by inode->mode and inode->rdev and
 * gives the file its functions; -ENXIO when nothing is registered.
 */
extern const struct file_ops device_node_ops;
