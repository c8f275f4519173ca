/*
 * Hash tables of a fixed number of buckets, sized once by the memory of the machine: inodes and
 * names. The items are linked by a list_head of theirs; the owner locks.
 */
#pragma once

#include "lib/list.h"
#include "lib/types.h"

struct hash_table {
    struct list_head *buckets; /* (i) */
    unsigned bits;             /* (i) 2^bits buckets */
};

/* One bucket for each 32 pages of memory, 256 to 65,536 in all; name is for the panic when there is
 * no memory for them at boot. */
void hash_table_init(struct hash_table *table, const char *name);

/* The bucket of a key: multiplicative hashing by 2^64 divided by the golden ratio (Knuth, The Art
 * of Computer Programming 3, 6.4), whose high bits are the well mixed ones. */
static inline struct list_head *hash_table_bucket(const struct hash_table *table, uint64_t key)
{
    return &table->buckets[key * 0x9e3779b97f4a7c15UL >> (64 - table->bits)];
}
