/*
 * Reading the pages of a file: see fs/ext2/data.h.
 *
 * The page cache hands over pages with consecutive indices; each run of them that lies in one piece
 * on the disk becomes one request (fs/page_io.c), holes are zeroed on the spot. While the pages are
 * locked this reads indirect blocks, so a file's page lock comes before a metadata page's.
 */
#include "fs/ext2/data.h"

#include "fs/ext2/block_map.h"
#include "fs/ext2/volume.h"
#include "fs/page_io.h"
#include "lib/page_ops.h"

#define SECTORS_PER_BLOCK (EXT2_BLOCK_SIZE / SECTOR_SIZE)

/* Ends the reads of pages that have no block: with zeroes, or with an error. */
static void finish_pages(struct page **pages, size_t count, int error)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (!error)
            page_clear(page_address(pages[i]));
        page_read_done(pages[i], error);
    }
}

static void ext2_read_pages(struct page_cache *cache, struct page **pages, size_t count)
{
    struct inode *inode = cache->owner;
    struct block_device *dev = ext2_volume(inode->sb)->dev;

    while (count > 0) {
        struct ext2_run run;
        int error = ext2_block_map(inode, pages[0]->index, (uint32_t)count, &run);

        if (error)
            run.count = (uint32_t)count; /* those after it will be tried again when needed */
        if (error || run.block == 0)
            finish_pages(pages, run.count, error);
        else
            page_io_read(dev, (sector_t)run.block * SECTORS_PER_BLOCK, pages, run.count);
        pages += run.count;
        count -= run.count;
    }
}

const struct page_cache_ops ext2_data_ops = {.read_pages = ext2_read_pages};
