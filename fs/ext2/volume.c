/*
 * Opening an ext2 disk: see fs/ext2/volume.h.
 *
 * The superblock is hostile: each number is checked here before anything is computed from it, so
 * that the rest of the driver need only check what it reads later (inodes, block numbers, directory
 * entries). A disk that is refused gets one line, "ext2: vda: refused: ...".
 *
 * Features: of the incompatible ones only `filetype` is known. Unknown read-only compatible ones do
 * not matter, since this driver does not write; nor do compatible ones, a clean journal included.
 */
#include "fs/ext2/volume.h"

#include <stdarg.h>

#include "kernel/print.h"
#include "lib/bits.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "mm/alloc/kmalloc.h"

#define COMPLAINT_MAX 160 /* characters */

struct feature_name {
    uint32_t bit;
    const char *name;
};

/* Incompatible features by name (e2fsprogs, lib/e2p/feature.c; ext4 documentation, super.rst). */
static const struct feature_name incompat_names[] = {
    {0x1, "compression"}, {0x8, "journal_dev"},  {0x10, "meta_bg"},     {0x40, "extents"},
    {0x80, "64bit"},      {0x100, "mmp"},        {0x200, "flex_bg"},    {0x400, "ea_inode"},
    {0x1000, "dirdata"},  {0x2000, "csum_seed"}, {0x4000, "large_dir"}, {0x8000, "inline_data"},
    {0x10000, "encrypt"}, {0x20000, "casefold"},
};

int ext2_corrupt(struct ext2_volume *volume, const char *fmt, ...)
{
    char text[COMPLAINT_MAX];
    va_list args;

    if (ratelimit_pass(&volume->complaints)) {
        va_start(args, fmt);
        fmt_vsnprintf(text, sizeof(text), fmt, args);
        va_end(args);
        printk("ext2: %s: %s\n", volume->dev->name, text);
    }
    return -EUCLEAN;
}

static int __printf_like(2, 3) refuse(const struct ext2_volume *volume, const char *fmt, ...)
{
    char text[COMPLAINT_MAX];
    va_list args;

    va_start(args, fmt);
    fmt_vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    printk("ext2: %s: refused: %s\n", volume->dev->name, text);
    return -EINVAL;
}

bool ext2_blocks_valid(const struct ext2_volume *volume, uint32_t block, uint32_t count)
{
    return block > 0 && block < volume->blocks_count && count <= volume->blocks_count - block;
}

static int check_features(const struct ext2_volume *volume, const struct ext2_super *super)
{
    uint32_t unknown = super->feature_incompat & ~(EXT2_INCOMPAT_FILETYPE | EXT2_INCOMPAT_RECOVER);
    uint32_t bit = unknown & -unknown;
    const char *name = "?";
    size_t i;

    if (super->revision == 0)
        return 0; /* these fields came with revision 1 */
    if (unknown) {
        for (i = 0; i < ARRAY_SIZE(incompat_names); i++)
            if (incompat_names[i].bit == bit)
                name = incompat_names[i].name;
        return refuse(volume, "feature '%s' (incompat 0x%x) is not known", name, bit);
    }
    if (super->feature_incompat & EXT2_INCOMPAT_RECOVER)
        return refuse(volume, "its journal needs recovery (e2fsck does that)");
    return 0;
}

static int check_identity(const struct ext2_volume *volume, const struct ext2_super *super)
{
    uint32_t log = super->log_block_size;

    if (super->magic != EXT2_MAGIC)
        return refuse(volume, "no ext2 superblock (magic 0x%x)", super->magic);
    if (super->revision > EXT2_REVISION_MAX)
        return refuse(volume, "revision %u is not known", super->revision);
    if (log > EXT2_LOG_BLOCK_SIZE_MAX)
        return refuse(volume, "absurd block size (1024 << %u)", log);
    if (log != EXT2_LOG_BLOCK_SIZE)
        return refuse(volume, "block size %u is not %u", 1024u << log, EXT2_BLOCK_SIZE);
    return check_features(volume, super);
}

/* Takes over the superblock's sizes, checked against one another and against the device. */
static int take_sizes(struct ext2_volume *volume, const struct ext2_super *super)
{
    uint32_t blocks = super->blocks_count, bpg = super->blocks_per_group;
    uint32_t ipg = super->inodes_per_group;
    uint32_t inode_size = super->revision == 0 ? EXT2_OLD_INODE_SIZE : super->inode_size;

    if (blocks > block_cache_size(&volume->blocks))
        return refuse(volume, "%u blocks do not fit the device's %lu", blocks,
                      (unsigned long)block_cache_size(&volume->blocks));
    if (super->first_data_block != 0 || blocks < 2)
        return refuse(volume, "absurd block numbers (%u to %u)", super->first_data_block, blocks);
    if (bpg == 0 || bpg > EXT2_PER_GROUP_MAX || ipg == 0 || ipg > EXT2_PER_GROUP_MAX)
        return refuse(volume, "absurd group size (%u blocks, %u inodes)", bpg, ipg);
    if (inode_size < EXT2_OLD_INODE_SIZE || inode_size > EXT2_BLOCK_SIZE ||
        !is_power_of_two(inode_size))
        return refuse(volume, "absurd inode size (%u)", inode_size);
    volume->blocks_count = blocks;
    volume->blocks_per_group = bpg;
    volume->inodes_per_group = ipg;
    volume->inode_size = inode_size;
    volume->groups = DIV_ROUND_UP(blocks, bpg);
    volume->inodes_count = super->inodes_count;
    volume->first_ino = super->revision == 0 ? EXT2_OLD_FIRST_INO : super->first_ino;
    if (volume->inodes_count != (uint64_t)volume->groups * ipg ||
        volume->first_ino > volume->inodes_count || volume->first_ino <= EXT2_ROOT_INO)
        return refuse(volume, "absurd inode numbers (%u of %u)", volume->first_ino,
                      volume->inodes_count);
    return 0;
}

static uint32_t descriptor_blocks(const struct ext2_volume *volume)
{
    return (uint32_t)DIV_ROUND_UP(volume->groups, EXT2_GROUPS_PER_BLOCK);
}

static uint32_t inode_table_blocks(const struct ext2_volume *volume)
{
    uint32_t bytes = volume->inodes_per_group * volume->inode_size; /* at most 2^15 * 2^12 */

    return DIV_ROUND_UP(bytes, (uint32_t)EXT2_BLOCK_SIZE);
}

static bool is_power_of(uint32_t n, uint32_t base)
{
    while (n % base == 0)
        n /= base;
    return n == 1;
}

static bool group_has_super(uint32_t group, bool sparse)
{
    return !sparse || group <= 1 || is_power_of(group, 3) || is_power_of(group, 5) ||
           is_power_of(group, 7);
}

/* What statfs counts as not there: superblocks, descriptors, bitmaps, inode tables. */
static uint32_t count_overhead(const struct ext2_volume *volume, const struct ext2_super *super)
{
    bool sparse = super->revision > 0 && super->feature_ro_compat & EXT2_RO_COMPAT_SPARSE_SUPER;
    uint64_t total = (uint64_t)volume->groups * (2 + inode_table_blocks(volume));
    uint32_t group;

    for (group = 0; group < volume->groups; group++)
        if (group_has_super(group, sparse))
            total += 1 + descriptor_blocks(volume);
    return (uint32_t)MIN(total, (uint64_t)volume->blocks_count);
}

static void take_counts(struct ext2_volume *volume, const struct ext2_super *super)
{
    volume->free_blocks = MIN(super->free_blocks_count, volume->blocks_count);
    volume->reserved_blocks = MIN(super->reserved_blocks_count, volume->free_blocks);
    volume->free_inodes = MIN(super->free_inodes_count, volume->inodes_count);
    volume->overhead = count_overhead(volume, super);
    volume->has_file_type = super->revision > 0 && super->feature_incompat & EXT2_INCOMPAT_FILETYPE;
    if (!(super->state & EXT2_STATE_VALID) || super->state & EXT2_STATE_ERRORS)
        printk("ext2: %s: was not unmounted cleanly; e2fsck should see it\n", volume->dev->name);
}

static int read_super(struct ext2_volume *volume)
{
    struct page *page = block_cache_read(&volume->blocks, 0);
    const struct ext2_super *super;
    int error;

    if (IS_ERR(page)) {
        refuse(volume, "its superblock cannot be read");
        return (int)PTR_ERR(page);
    }
    super = (const void *)((char *)page_address(page) + EXT2_SUPER_OFFSET);
    error = check_identity(volume, super);
    if (!error)
        error = take_sizes(volume, super);
    if (!error)
        take_counts(volume, super);
    page_put(page);
    return error;
}

/* Takes over the inode tables of the groups [first, first + count) from one descriptor block. */
static int take_groups(struct ext2_volume *volume, const struct ext2_group *group, uint32_t first,
                       uint32_t count)
{
    uint32_t blocks = inode_table_blocks(volume), i;

    for (i = 0; i < count; i++) {
        if (!ext2_blocks_valid(volume, group[i].inode_table, blocks))
            return refuse(volume, "the inode table of group %u is at block %u of %u", first + i,
                          group[i].inode_table, volume->blocks_count);
        volume->inode_table[first + i] = group[i].inode_table;
    }
    return 0;
}

static int read_groups(struct ext2_volume *volume)
{
    uint32_t first, count;
    int error = 0;

    if (!ext2_blocks_valid(volume, 1, descriptor_blocks(volume)))
        return refuse(volume, "%u groups do not fit it", volume->groups);
    volume->inode_table = kmalloc(volume->groups * sizeof(uint32_t), 0);
    if (!volume->inode_table)
        return -ENOMEM;
    for (first = 0; first < volume->groups && !error; first += count) {
        uint32_t block = 1 + first / (uint32_t)EXT2_GROUPS_PER_BLOCK;
        struct page *page = block_cache_read(&volume->blocks, block);

        if (IS_ERR(page))
            return (int)PTR_ERR(page);
        count = MIN(volume->groups - first, (uint32_t)EXT2_GROUPS_PER_BLOCK);
        error = take_groups(volume, page_address(page), first, count);
        page_put(page);
    }
    return error;
}

struct ext2_volume *ext2_volume_open(struct block_device *dev)
{
    struct ext2_volume *volume = kmalloc(sizeof(*volume), ALLOC_ZERO);
    int error;

    if (!volume)
        return ERR_PTR(-ENOMEM);
    volume->dev = dev;
    block_cache_init(&volume->blocks, dev);
    error = read_super(volume);
    if (!error)
        error = read_groups(volume);
    if (!error)
        return volume;
    ext2_volume_close(volume);
    return ERR_PTR(error);
}

void ext2_volume_close(struct ext2_volume *volume)
{
    block_cache_destroy(&volume->blocks);
    kmfree(volume->inode_table);
    kmfree(volume);
}
