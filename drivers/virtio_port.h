/*
 * A port of a virtio console: a byte stream to the host in each direction, and the character device
 * "virtio-ports/NAME" that stands for it. The console's control messages (virtio_console.h) say
 * when the port is there, what its name is, and whether the host's end is open.
 */
#pragma once

#include "drivers/char_device.h"
#include "drivers/virtio.h"
#include "kernel/spinlock.h"
#include "sched/wait.h"

#define VIRTIO_PORT_NAME_MAX 64 /* with "virtio-ports/" and NUL */

struct virtio_port {
    struct char_device dev;
    struct virtio_device *vdev; /* (i) */
    uint32_t id;                /* (i) */
    /* Tells the host that this end is open; false when it cannot just now. Never sleeps. */
    bool (*announce)(struct virtio_port *port); /* (i) */
    void *owner;                                /* (i) for announce() */
    char name[VIRTIO_PORT_NAME_MAX]; /* lock, (i) once registered; empty: not known yet */
    struct spinlock lock;
    struct wait_queue wait;
    struct virtqueue rx, tx;    /* lock */
    char *rx_page;              /* lock: the received page that is being read, or NULL */
    uint32_t rx_at, rx_end;     /* lock: what is left of it */
    char *tx_page;              /* the writer's; the device's while tx_in_flight */
    _Atomic uint32_t tx_writer; /* (a) 1: a task is writing */
    bool tx_in_flight;          /* lock */
    bool added;                 /* lock: the host has announced the port */
    bool host_open;             /* lock */
    bool guest_open;            /* lock: the host knows that this end is open */
};

/* Makes an empty port over queues that are set up by the caller. */
void virtio_port_init(struct virtio_port *port, struct virtio_device *vdev, uint32_t id);

/* Gives the port its buffers; the device is live. 0, -ENOMEM, or -EIO. */
int virtio_port_start(struct virtio_port *port);

/* Frees all that the port holds; the device was reset. */
void virtio_port_free(struct virtio_port *port);

/* The host says what the port is called; a name that is no file name is ignored. Any context. */
void virtio_port_set_name(struct virtio_port *port, const char *name, size_t len);

/* The host has opened or closed its end. Any context. */
void virtio_port_set_host_open(struct virtio_port *port, bool open);

/* An interrupt of the device came: wakes who waits for this port if there is something for them. */
void virtio_port_interrupt(struct virtio_port *port);

/* Whether start succeeded and the name is known: it can be registered. */
bool virtio_port_ready(struct virtio_port *port);
