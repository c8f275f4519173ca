/*
 * Page reads as block requests: see fs/page_io.h.
 *
 * A request lives from page_io_read() to its completion. Reads must go on when memory is short
 * (that is when pages come back from disk), so one request is kept in reserve: who finds the slab
 * empty waits for that one, which is free again as soon as its read completes.
 */
#include "fs/page_io.h"

#include <stdatomic.h>

#include "fs/ratelimit.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/alloc/slab.h"
#include "sched/wait.h"

static struct slab_cache *request_slab;
static struct block_request reserve;
static _Atomic uint32_t reserve_taken;
static struct wait_queue reserve_wait;
static struct ratelimit error_limit;

static bool reserve_take(void)
{
    uint32_t taken = 0;

    return atomic_compare_exchange_strong(&reserve_taken, &taken, 1);
}

static struct block_request *request_alloc(void)
{
    struct block_request *req = slab_alloc(request_slab, 0);

    if (req)
        return req;
    wait_event_uninterruptible(&reserve_wait, reserve_take());
    return &reserve;
}

static void request_free(struct block_request *req)
{
    if (req != &reserve) {
        slab_free(request_slab, req);
        return;
    }
    reserve_taken = 0;
    wait_wake_all(&reserve_wait);
}

/* Completion, perhaps in an interrupt. */
static void read_done(struct block_request *req, int error)
{
    struct block_device *dev = req->owner;
    unsigned i;

    if (error && ratelimit_pass(&error_limit))
        printk("%s: reading %u pages at sector %lu failed: error %d\n", dev->name,
               req->segment_count, (unsigned long)req->sector, -error);
    for (i = 0; i < req->segment_count; i++)
        page_read_done(phys_to_page(req->segment[i].addr), error);
    request_free(req);
}

static void read_submit(struct block_device *dev, sector_t sector, struct page **pages,
                        unsigned count)
{
    struct block_request *req = request_alloc();
    unsigned i;

    req->op = BLOCK_READ;
    req->sector = sector;
    req->segment_count = count;
    req->done = read_done;
    req->owner = dev;
    for (i = 0; i < count; i++) {
        assert(page_test(pages[i], PAGE_LOCKED));
        req->segment[i] = (struct block_segment){page_to_phys(pages[i]), PAGE_SIZE};
    }
    block_submit(dev, req);
}

void page_io_read(struct block_device *dev, sector_t sector, struct page **pages, size_t count)
{
    while (count > 0) {
        unsigned n = (unsigned)MIN(count, (size_t)BLOCK_SEGMENTS_MAX);

        read_submit(dev, sector, pages, n);
        sector += n * (PAGE_SIZE / SECTOR_SIZE);
        pages += n;
        count -= n;
    }
}

void page_io_init(void)
{
    wait_queue_init(&reserve_wait);
    request_slab = slab_cache_create("block_request", sizeof(struct block_request), 0, NULL);
    if (!request_slab)
        panic("no memory for block requests");
}
