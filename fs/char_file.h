/*
 * A plain byte stream of the machine as a file, with no line discipline: /dev/virtio-ports/NAME,
 * further UARTs. file->private is its struct char_device.
 */
#pragma once

#include "fs/file.h"

extern const struct file_ops char_file_ops;
