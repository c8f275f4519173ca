/*
 * ext2 images for tests: a directory of the host becomes an image by mke2fs -d, the image a disk,
 * the disk a mounted file system that paths are walked in.
 *
 * A test that includes this names fs/ext2/ *.c, fs/{block_cache,page_io,path,mount,device}.c and
 * what support/vfs_host.h asks for.
 */
#pragma once

#include <stdio.h>

#include "fs/page_io.h"
#include "fs/path.h"
#include "fs/super.h"
#include "lib/err.h"
#include "tests/host/support/fs_host.h"
#include "tests/host/support/host.h"
#include "tests/host/support/vfs_host.h"

static char work[64]; /* a directory that goes at the end; tree and image are in it */
static char tree[96], image[96];
static struct host_disk disk;
static struct super_block *sb; /* or why it does not mount */
static struct dentry *root;

/* Names the places; the tree is there, and empty. */
static inline void ext2_host_begin(void)
{
    host_dir_create(work);
    snprintf(tree, sizeof(tree), "%s/tree", work);
    snprintf(image, sizeof(image), "%s/image", work);
    host_run("mkdir %s", tree);
}

/* Makes the image of the tree, and all that mounting needs. 0, or what mke2fs exits with. */
static inline int ext2_host_make(const char *options, const char *size, size_t pages)
{
    int status = host_run("mke2fs >/dev/null -q -F -t ext2 -b 4096 %s -d %s %s %s", options, tree,
                          image, size);

    vfs_host_init(pages);
    page_io_init();
    return status;
}

static inline int ext2_host_end(void **state)
{
    (void)state;
    host_dir_remove(work);
    return 0;
}

/* Mounts what is on the disk; sb and root are it. */
static inline void ext2_host_mount(bool read_only)
{
    host_log_clear();
    sb = ext2_type.mount(&disk.dev, read_only);
    if (IS_ERR(sb))
        return;
    inode_ref(sb->root);
    root = dentry_create_root(sb->root);
}

/* The host's file becomes the disk, and is mounted. */
static inline void mount_image(const char *path)
{
    assert_true(host_disk_open(&disk, path));
    ext2_host_mount(false);
}

/* Gives back everything: what is left afterwards is lost. */
static inline void unmount_image(void)
{
    size_t all, unused;

    if (!IS_ERR(sb)) {
        dentry_put(root);
        dentry_shrink(SIZE_MAX);
        dentry_count(&all, &unused);
        assert_int_equal(all, 0);
        sb->ops->unmount(sb);
        inode_count(&all, &unused);
        assert_int_equal(all, 0);
    }
    host_disk_close(&disk);
    assert_int_equal(alloc_host_pages(), 0);
}

/* A path from the root on; "" is the root. */
static inline struct dentry *ext2_host_walk(const char *path, unsigned flags)
{
    const struct path_context ctx = {root, root};

    return path_walk(&ctx, *path ? path : "/", flags);
}
