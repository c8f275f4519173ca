/*
 * The content of ext2's files, directories and long symbolic links, as pages.
 */
#pragma once

#include "mm/page_cache.h"

/* For inode->cache; the cache's owner is the inode. */
extern const struct page_cache_ops ext2_data_ops;
