/*
 * Block devices: asynchronous requests on 512-byte sectors, with scatter-gather and completion by
 * interrupt. A device is a table of functions; the file systems see only this.
 *
 * A request belongs to its maker, who may not touch it between block_submit() and its done(). Many
 * can be in flight; they complete in any order. Only BLOCK_FLUSH orders: it completes when every
 * write that completed before it was submitted is on stable storage.
 */
#pragma once

#include "lib/list.h"
#include "lib/types.h"

#define BLOCK_SEGMENTS_MAX 32
#define BLOCK_BYTES_MAX    (64 * MIB) /* in one request */

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_segment {
    paddr_t addr;
    uint32_t len; /* bytes, a multiple of SECTOR_SIZE */
};

struct block_request {
    enum block_op op;
    sector_t sector;
    unsigned segment_count;
    struct block_segment segment[BLOCK_SEGMENTS_MAX];
    /* Called once, perhaps in an interrupt: 0 or a negative errno. May free the request. */
    void (*done)(struct block_request *req, int error);
    void *owner;           /* for done() */
    struct list_head link; /* the driver's, while in flight */
};

struct block_device;

struct block_ops {
    /* Starts or queues the request; never sleeps, never fails but through done(). */
    void (*submit)(struct block_device *dev, struct block_request *req);
};

struct block_device {
    const char *name; /* "vda" */
    const struct block_ops *ops;
    sector_t sectors; /* capacity */
    bool read_only;
    struct list_head link;
};

/* Makes the device findable; called by drivers while the machine is probed. */
void block_register(struct block_device *dev);

/* The device of this name ("vda"), or NULL. */
struct block_device *block_find(const char *name);

/* The device of this index in order of registration, or NULL. */
struct block_device *block_get(unsigned index);

/*
 * Checks the request against the device's size and hands it over; one out of range or a write to a
 * read-only device completes at once with -EIO or -EROFS. Never sleeps.
 */
void block_submit(struct block_device *dev, struct block_request *req);
