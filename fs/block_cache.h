/*
 * The page cache of a block device, in blocks of 4 KiB: where a file system's metadata lives.
 */
#pragma once

#include "drivers/block.h"
#include "mm/page_cache.h"

#define CACHE_BLOCK_SIZE PAGE_SIZE

struct block_cache {
    struct page_cache cache;
    struct block_device *dev; /* (i) */
};

void block_cache_init(struct block_cache *blocks, struct block_device *dev);

/* Drops all blocks; nobody reads any. Sleeps. */
void block_cache_destroy(struct block_cache *blocks);

/* Whole blocks that the device has. */
uint64_t block_cache_size(const struct block_cache *blocks);

/*
 * The page that holds a block, up to date, with a reference more. ERR_PTR(-EIO): the read failed,
 * or there is no such block; ERR_PTR(-ENOMEM). Sleeps; no signal ends that, since others may wait
 * for what the caller does with the block.
 */
struct page *block_cache_read(struct block_cache *blocks, uint64_t block);
