/*
 * Symbolic links: see fs/ext2/symlink.h.
 *
 * A short target ("fast") is in the inode, in place of the block numbers; a longer one is the
 * content of one block. The link owns no block exactly when it is fast; a block of extended
 * attributes does not count, but no driver makes a link of under 60 bytes with a block of content,
 * so the length alone tells them apart.
 */
#include "fs/ext2/symlink.h"

#include "fs/ext2/volume.h"
#include "lib/err.h"
#include "lib/string.h"

ssize_t ext2_symlink_read(struct inode *inode, char *buf, size_t size)
{
    const struct ext2_inode *info = inode->private;
    size_t len = inode->size;
    struct page *page;

    if (len < EXT2_FAST_SYMLINK_MAX) {
        memcpy(buf, info->block, MIN(len, size));
        return (ssize_t)len;
    }
    page = page_cache_read(&inode->cache, 0, 1, 0);
    if (IS_ERR(page))
        return PTR_ERR(page);
    memcpy(buf, page_address(page), MIN(len, size));
    page_put(page);
    return (ssize_t)len;
}
