/*
 * Cached blocks of a device: see fs/block_cache.h.
 *
 * Nothing but a page cache whose pages are the device's blocks in order. A file's own content does
 * not go through here: its pages are in the inode's cache, read from where the file system says.
 */
#include "fs/block_cache.h"

#include "fs/page_io.h"
#include "lib/err.h"
#include "lib/errno.h"

#define SECTORS_PER_BLOCK (CACHE_BLOCK_SIZE / SECTOR_SIZE)

static void read_blocks(struct page_cache *cache, struct page **pages, size_t count)
{
    struct block_cache *blocks = cache->owner;

    page_io_read(blocks->dev, pages[0]->index * SECTORS_PER_BLOCK, pages, count);
}

static const struct page_cache_ops block_cache_ops = {.read_pages = read_blocks};

void block_cache_init(struct block_cache *blocks, struct block_device *dev)
{
    blocks->dev = dev;
    page_cache_init(&blocks->cache, &block_cache_ops, blocks);
}

void block_cache_destroy(struct block_cache *blocks)
{
    page_cache_destroy(&blocks->cache);
}

uint64_t block_cache_size(const struct block_cache *blocks)
{
    return blocks->dev->sectors / SECTORS_PER_BLOCK;
}

/* Waits for a read that has been started, whatever signal came: true when the page is right. */
static bool wait_for_page(struct page *page)
{
    page_lock(page);
    page_unlock(page);
    return page_test(page, PAGE_UPTODATE);
}

struct page *block_cache_read(struct block_cache *blocks, uint64_t block)
{
    uint64_t size = block_cache_size(blocks);
    struct page *page;

    if (block >= size)
        return ERR_PTR(-EIO);
    for (;;) {
        page = page_cache_read(&blocks->cache, block, size, 0);
        if (page != ERR_PTR(-EINTR))
            return page;
        page = page_cache_find(&blocks->cache, block);
        if (!page)
            continue;
        if (wait_for_page(page))
            return page;
        page_put(page);
    }
}
