/*
 * Open files on the host: what their tests set up, in its order. A test that includes this names
 * fs/{file,uio,dentry,inode,hash_table}.c and the page cache they stand on.
 */
#pragma once

#include "fs/file.h"
#include "mm/page_cache.h"
#include "tests/host/support/alloc_host.h"
#include "tests/host/support/sched_host.h"

/* Once a test, with this many pages to give. Returns how many objects are out afterwards. */
static inline size_t vfs_host_init(size_t pages)
{
    alloc_host_init(pages);
    host_sched_init();
    page_cache_init_all();
    inode_init();
    dentry_init();
    file_init();
    return alloc_host_objects();
}
