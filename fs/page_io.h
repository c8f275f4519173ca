/*
 * Cached pages from a block device: one run of pages, one place on the disk, as few requests as
 * possible.
 */
#pragma once

#include "drivers/block.h"
#include "mm/page_cache.h"

/*
 * Starts reading `count` pages, locked and not up to date, from sector on: one request for each
 * BLOCK_SEGMENTS_MAX of them. page_read_done() is called once for each page, perhaps at once,
 * perhaps later in an interrupt. Sleeps when memory is short; never fails for want of it.
 */
void page_io_read(struct block_device *dev, sector_t sector, struct page **pages, size_t count);

/* Once, at boot. */
void page_io_init(void);
