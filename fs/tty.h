/*
 * The terminal as a file: /dev/console, /dev/ttyS0 and /dev/tty. Reading in canonical mode and by
 * VMIN and VTIME, writing, polling; the parts below are fs/tty_device.h (the streams),
 * fs/tty_session.h (sessions and job control), fs/tty_ioctl.h and fs/line_discipline.h (the rules).
 * termios(3), tty_ioctl(4), POSIX 1003.1 chapter 11.
 */
#pragma once

#include "drivers/char_device.h"
#include "fs/file.h"
#include "fs/tty_session.h"

/* Makes the terminal of a console device, once; 0 or -ENOMEM. The scheduler runs. devfs calls it.
 */
int tty_init(struct char_device *dev);

/* For devfs. Open is -ENODEV without a console, /dev/tty's -ENXIO without a controlling terminal.
 */
extern const struct file_ops tty_console_ops;
extern const struct file_ops tty_current_ops;
