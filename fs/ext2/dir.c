/*
 * Directories: see fs/ext2/dir.h.
 *
 * One scan serves lookup and readdir: block by block, entry by entry, each checked before it is
 * believed. Hashed directories are scanned the same way, for which their format is made: an index
 * block looks like one long entry that is not in use.
 *
 * A position is an entry's byte offset in the directory. A scan that starts in the middle walks its
 * block from the beginning, so a position that points nowhere (a seek to anything) is taken as the
 * next entry after it.
 *
 * dir->lock is held while the content is read.
 */
#include "fs/ext2/dir.h"

#include "fs/ext2/volume.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"

#define DIR_AHEAD 8 /* blocks read at once: directories are read from the start */

struct dir_scan {
    struct inode *dir;
    /* Called for each entry in use: pos is where it is, next where the one after it is. Stops the
     * scan when not 0. */
    int (*visit)(struct dir_scan *scan, const struct ext2_dirent *entry, uint64_t pos,
                 uint64_t next);
    /* lookup */
    const char *name;
    size_t len;
    uint32_t found; /* out: inode number; 0: not there */
    /* readdir */
    struct dir_emit *emit;
    uint64_t pos; /* where to start; out: where to go on */
};

static struct ext2_volume *scan_volume(const struct dir_scan *scan)
{
    return ext2_volume(scan->dir->sb);
}

/* What is wrong with an entry at `offset` of its block, or NULL. */
static const char *entry_fault(const struct ext2_volume *volume, const struct ext2_dirent *entry,
                               size_t offset)
{
    if (entry->rec_len < EXT2_DIRENT_MIN || entry->rec_len % EXT2_DIRENT_ALIGN)
        return "absurd length";
    if (entry->rec_len > EXT2_BLOCK_SIZE - offset)
        return "longer than its block";
    if (entry->ino == 0)
        return NULL;
    if (entry->name_len == 0 || EXT2_DIRENT_HEADER + entry->name_len > entry->rec_len)
        return "absurd name";
    if (entry->ino > volume->inodes_count)
        return "no such inode";
    return NULL;
}

static int scan_corrupt(const struct dir_scan *scan, uint64_t pos, const char *what)
{
    return ext2_corrupt(scan_volume(scan), "directory %lu: entry at %lu: %s",
                        (unsigned long)scan->dir->ino, (unsigned long)pos, what);
}

/* The entries of one block. */
static int scan_block(struct dir_scan *scan, const char *block, uint64_t start)
{
    size_t offset = 0;
    int stop = 0;

    while (offset < EXT2_BLOCK_SIZE && !stop) {
        const struct ext2_dirent *entry = (const void *)(block + offset);
        const char *fault;

        if (EXT2_BLOCK_SIZE - offset < EXT2_DIRENT_MIN)
            return scan_corrupt(scan, start + offset, "no room for it");
        fault = entry_fault(scan_volume(scan), entry, offset);
        if (fault)
            return scan_corrupt(scan, start + offset, fault);
        if (entry->ino)
            stop = scan->visit(scan, entry, start + offset, start + offset + entry->rec_len);
        offset += entry->rec_len;
    }
    return stop;
}

/* All blocks from the one that holds scan->pos on: what visit stopped with, 0, or -errno. */
static int scan_run(struct dir_scan *scan)
{
    struct inode *dir = scan->dir;
    pgoff_t end = dir->size / EXT2_BLOCK_SIZE, index;
    int stop = 0;

    assert(mutex_held(&dir->lock));
    for (index = scan->pos / EXT2_BLOCK_SIZE; index < end && !stop; index++) {
        struct page *page = page_cache_read(&dir->cache, index, end, DIR_AHEAD);

        if (IS_ERR(page))
            return (int)PTR_ERR(page);
        stop = scan_block(scan, page_address(page), index * EXT2_BLOCK_SIZE);
        page_put(page);
    }
    return stop;
}

static int visit_compare(struct dir_scan *scan, const struct ext2_dirent *entry, uint64_t pos,
                         uint64_t next)
{
    (void)pos;
    (void)next;
    if (entry->name_len != scan->len || memcmp(entry->name, scan->name, scan->len) != 0)
        return 0;
    scan->found = entry->ino;
    return 1;
}

int ext2_dir_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    struct dir_scan scan = {.dir = dir, .visit = visit_compare, .name = name, .len = len};
    struct ext2_volume *volume = ext2_volume(dir->sb);
    int stop = scan_run(&scan);

    if (stop < 0)
        return stop;
    if (!scan.found)
        return -ENOENT;
    if (scan.found < volume->first_ino)
        return ext2_corrupt(volume, "directory %lu: an entry leads to inode %u, which is reserved",
                            (unsigned long)dir->ino, scan.found);
    *result = inode_get(dir->sb, scan.found);
    return IS_ERR(*result) ? (int)PTR_ERR(*result) : 0;
}

static unsigned entry_type(const struct ext2_volume *volume, const struct ext2_dirent *entry)
{
    static const unsigned char types[EXT2_FT_COUNT] = {
        [EXT2_FT_UNKNOWN] = DT_UNKNOWN, [EXT2_FT_REG] = DT_REG, [EXT2_FT_DIR] = DT_DIR,
        [EXT2_FT_CHR] = DT_CHR,         [EXT2_FT_BLK] = DT_BLK, [EXT2_FT_FIFO] = DT_FIFO,
        [EXT2_FT_SOCK] = DT_SOCK,       [EXT2_FT_LNK] = DT_LNK,
    };

    if (!volume->has_file_type || entry->file_type >= EXT2_FT_COUNT)
        return DT_UNKNOWN;
    return types[entry->file_type];
}

static int visit_emit(struct dir_scan *scan, const struct ext2_dirent *entry, uint64_t pos,
                      uint64_t next)
{
    struct dir_entry found;

    if (pos < scan->pos)
        return 0;
    if (memchr(entry->name, '/', entry->name_len) || memchr(entry->name, '\0', entry->name_len))
        return scan_corrupt(scan, pos, "a name with a slash or a zero byte");
    found = (struct dir_entry){entry->name, entry->name_len, entry->ino,
                               entry_type(scan_volume(scan), entry), next};
    if (!scan->emit->emit(scan->emit, &found)) {
        scan->pos = pos;
        return 1;
    }
    scan->pos = next;
    return 0;
}

int ext2_dir_readdir(struct file *file, struct dir_emit *emit, uint64_t *pos)
{
    struct inode *dir = file->inode;
    struct dir_scan scan = {.dir = dir, .visit = visit_emit, .emit = emit, .pos = *pos};
    int stop;

    mutex_lock(&dir->lock);
    stop = scan_run(&scan);
    mutex_unlock(&dir->lock);
    *pos = scan.pos;
    return stop < 0 ? stop : 0;
}
