/*
 * virtio consoles with several ports (VIRTIO 1.2, 5.3), QEMU's virtio-serial: each port that the
 * host names becomes the character device "virtio-ports/NAME".
 */
#pragma once

#include "drivers/virtio.h"

/* The port whose other end shows reports (kernel/print.h) to the person who runs one program. */
#define VIRTIO_CONSOLE_REPORT_PORT "virtio-ports/fathom.stderr"

/*
 * Starts the device, finds its ports and registers them; sleeps until that is done. 0 or a negative
 * errno with a line.
 */
int virtio_console_start(struct virtio_device *vdev);
