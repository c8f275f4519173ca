/*
 * ext2's block map: see fs/ext2/block_map.h.
 *
 *     inode.block[0 .. 11]  --> data
 *     inode.block[12]       --> table --> data                      1,024 blocks
 *     inode.block[13]       --> table --> table --> data            1,024^2
 *     inode.block[14]       --> table --> table --> table --> data  1,024^3
 *
 * A number of 0 anywhere is a hole: the whole subtree reads as zeroes. The walk knows no level: at
 * each step `span` is how many file blocks one entry of the table at hand stands for. Every number
 * is checked before it is used; the tables are read through the volume's block cache.
 */
#include "fs/ext2/block_map.h"

#include "fs/ext2/volume.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"

/* A place in the map: in which slot of the inode, how many tables below it, which block of those
 * under the slot. */
struct map_path {
    unsigned slot, levels;
    uint64_t index;
};

/* False when the file cannot be so long. */
static bool map_path_find(uint64_t index, struct map_path *path)
{
    uint64_t under = 1;
    unsigned levels;

    if (index < EXT2_DIRECT_BLOCKS) {
        *path = (struct map_path){.slot = (unsigned)index};
        return true;
    }
    index -= EXT2_DIRECT_BLOCKS;
    for (levels = 1; levels <= EXT2_LEVELS_MAX; levels++) {
        under <<= EXT2_TABLE_SHIFT;
        if (index < under) {
            *path = (struct map_path){EXT2_DIRECT_BLOCKS + levels - 1, levels, index};
            return true;
        }
        index -= under;
    }
    return false;
}

/* The run that begins with table[at], of a table with `entries` block numbers. */
static int run_scan(struct inode *inode, const uint32_t *table, unsigned at, unsigned entries,
                    struct ext2_run *run)
{
    struct ext2_volume *volume = ext2_volume(inode->sb);
    uint32_t first = table[at], n = 1, max = MIN(run->count, entries - at);

    if (first && !ext2_blocks_valid(volume, first, 1))
        return ext2_corrupt(volume, "inode %lu: block number %u is out of range",
                            (unsigned long)inode->ino, first);
    while (n < max && table[at + n] == (first ? first + n : 0))
        n++;
    if (first && !ext2_blocks_valid(volume, first, n))
        n = volume->blocks_count - first;
    *run = (struct ext2_run){first, n};
    return 0;
}

/* The indirect block, with a reference, or ERR_PTR. */
static struct page *table_read(struct inode *inode, uint32_t block)
{
    struct ext2_volume *volume = ext2_volume(inode->sb);

    if (!ext2_blocks_valid(volume, block, 1))
        return ERR_PTR(ext2_corrupt(volume, "inode %lu: indirect block %u is out of range",
                                    (unsigned long)inode->ino, block));
    return block_cache_read(&volume->blocks, block);
}

/* All that is left of the blocks under a missing table, of which each entry spans `span`. */
static int run_hole(uint64_t index, uint64_t span, struct ext2_run *run)
{
    uint64_t under = span << EXT2_TABLE_SHIFT;

    *run = (struct ext2_run){0, (uint32_t)MIN((uint64_t)run->count, under - index % under)};
    return 0;
}

int ext2_block_map(struct inode *inode, uint64_t index, uint32_t max, struct ext2_run *run)
{
    const struct ext2_inode *info = inode->private;
    struct map_path path;
    uint64_t span;
    uint32_t block;

    assert(max > 0);
    run->count = max;
    if (!map_path_find(index, &path))
        return ext2_corrupt(ext2_volume(inode->sb),
                            "inode %lu: block %lu is beyond what it can map",
                            (unsigned long)inode->ino, (unsigned long)index);
    if (path.levels == 0)
        return run_scan(inode, info->block, path.slot, EXT2_DIRECT_BLOCKS, run);
    block = info->block[path.slot];
    for (span = BIT((path.levels - 1) * EXT2_TABLE_SHIFT);; span >>= EXT2_TABLE_SHIFT) {
        unsigned at = path.index / span % EXT2_TABLE_ENTRIES;
        const uint32_t *table;
        struct page *page;
        int error = 0;

        if (block == 0)
            return run_hole(path.index, span, run);
        page = table_read(inode, block);
        if (IS_ERR(page))
            return (int)PTR_ERR(page);
        table = page_address(page);
        block = table[at];
        if (span == 1)
            error = run_scan(inode, table, at, EXT2_TABLE_ENTRIES, run);
        page_put(page);
        if (span == 1)
            return error;
    }
}
