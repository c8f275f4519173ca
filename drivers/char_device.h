/*
 * Byte streams to and from the machine: UARTs and virtio-serial ports. A driver registers each;
 * devfs and the tty stand on them.
 */
#pragma once

#include "lib/list.h"
#include "lib/types.h"

/* What poll() answers: Linux's numbers (include/uapi/asm-generic/poll.h), fs/file.h's POLL*. */
enum char_poll {
    CHAR_POLLIN = 0x0001,
    CHAR_POLLOUT = 0x0004,
    CHAR_POLLHUP = 0x0010,
};

struct char_device;

struct char_ops {
    /*
     * Sends n bytes from kernel memory; sleeps until the device has taken them all (delivered is
     * up to the device), or a fatal signal. Returns bytes taken, or -EINTR, -EIO, -EPIPE.
     */
    ssize_t (*write)(struct char_device *dev, const char *buf, size_t n);
    /*
     * Queues what fits of n bytes for sending; never sleeps, any context (a terminal's echo, in
     * the interrupt that received). Returns how many fitted. NULL: the device cannot.
     */
    size_t (*put)(struct char_device *dev, const char *buf, size_t n);
    /*
     * Receives up to n bytes; sleeps until there is at least one. 0 at the end of the stream,
     * -EAGAIN when nonblock and none is there, -EINTR when a signal came.
     */
    ssize_t (*read)(struct char_device *dev, char *buf, size_t n, bool nonblock);
    /* Which of POLLIN, POLLOUT, POLLHUP hold now. */
    uint32_t (*poll)(struct char_device *dev);
};

struct wait_queue;

struct char_device {
    const char *name; /* "ttyS0", "virtio-ports/fathom.stdin" */
    const struct char_ops *ops;
    struct wait_queue *wait; /* woken when what poll() says may have changed */
    bool is_console;         /* the machine's own console: gets the tty's line discipline */
    /*
     * Console devices: each received byte goes here instead of read(), in interrupt context and
     * without the driver's locks; set by the tty, receive_owner first.
     */
    void (*receive)(struct char_device *dev, char c);
    void *receive_owner;
    struct list_head link;
};

void char_register(struct char_device *dev);
struct char_device *char_get(unsigned index);    /* in order of registration, or NULL */
struct char_device *char_find(const char *name); /* by its name, or NULL */
