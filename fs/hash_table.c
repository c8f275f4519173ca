/*
 * Hash tables of inodes and names: see fs/hash_table.h.
 *
 * Lists in a table that never grows: with a bucket for each 32 pages, memory for inodes and names
 * runs out long before the lists are longer than a few items.
 */
#include "fs/hash_table.h"

#include "kernel/panic.h"
#include "lib/bits.h"
#include "mm/alloc/buddy.h"
#include "mm/alloc/kmalloc.h"

#define PAGES_PER_BUCKET 32
#define BITS_MIN         8
#define BITS_MAX         16

void hash_table_init(struct hash_table *table, const char *name)
{
    uint64_t wanted = page_total() / PAGES_PER_BUCKET;
    unsigned bits = wanted ? log2_floor(wanted) : 0;
    size_t i;

    table->bits = MIN(MAX(bits, (unsigned)BITS_MIN), (unsigned)BITS_MAX);
    table->buckets = kmalloc(sizeof(struct list_head) << table->bits, 0);
    if (!table->buckets)
        panic("no memory for the table of %s", name);
    for (i = 0; i < (size_t)1 << table->bits; i++)
        list_init(&table->buckets[i]);
}
