/*
 * virtio's source of random bytes (VIRTIO 1.2, 5.4).
 */
#pragma once

#include "drivers/virtio.h"

/*
 * Starts the device and has it fill the generator (drivers/entropy.h), now and whenever much has
 * been drawn; sleeps until the first bytes came, or a second. 0 or a negative errno.
 */
int virtio_rng_start(struct virtio_device *vdev);
