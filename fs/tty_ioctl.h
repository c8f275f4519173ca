/* The terminal's ioctls: tty_ioctl(4). */
#pragma once

#include "fs/tty_device.h"

/* ioctl(2) on a terminal; arg is a user address or a number. 0, a result, or -errno. Sleeps. */
int64_t tty_ioctl(struct tty *tty, unsigned cmd, uint64_t arg);
