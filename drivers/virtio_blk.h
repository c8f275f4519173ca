/*
 * virtio disks (VIRTIO 1.2, 5.2): vda, vdb … in the order in which they are started.
 */
#pragma once

#include "drivers/virtio.h"

/* Starts the disk and registers it as a block device. 0, or a negative errno with a line. */
int virtio_blk_start(struct virtio_device *vdev);
