/*
 * What the ext2 driver mounts and what it refuses, in one line that says why; what statfs says; and
 * how files of each kind open.
 *
 * uses: fs/ext2/super.c fs/ext2/volume.c fs/ext2/inode.c fs/ext2/dir.c fs/ext2/symlink.c
 * uses: fs/ext2/data.c fs/ext2/block_map.c fs/block_cache.c fs/page_io.c drivers/block.c
 * uses: fs/path.c fs/mount.c fs/dentry.c fs/inode.c fs/hash_table.c fs/file.c fs/uio.c
 * uses: fs/device.c fs/pipe.c lib/fmt.c lib/page_ops.c mm/readahead.c
 * uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs/device.h"
#include "lib/errno.h"
#include "tests/host/support/ext2_host.h"

#define PAGES 256

/* -- Refusals ---------------------------------------------------------------------------------- */

/* A file system made with these options must be refused with this line and nothing else. */
static void expect_refusal(const char *options, const char *line)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/refused", work);
    assert_int_equal(host_run("rm -f %s; mke2fs >/dev/null -q -F %s %s 8M", path, options, path),
                     0);
    mount_image(path);
    assert_int_equal(PTR_ERR(sb), -EINVAL);
    assert_string_equal(host_log, line);
    unmount_image();
}

static void unknown_features_are_refused_by_name(void **state)
{
    (void)state;
    expect_refusal("-t ext4 -b 4096",
                   "ext2: vda: refused: feature 'extents' (incompat 0x40) is not known\n");
    expect_refusal("-t ext2 -b 4096 -O mmp",
                   "ext2: vda: refused: feature 'mmp' (incompat 0x100) is not known\n");
    expect_refusal("-t ext2 -b 4096 -O meta_bg,^resize_inode",
                   "ext2: vda: refused: feature 'meta_bg' (incompat 0x10) is not known\n");
    expect_refusal("-t ext2 -b 4096 -O flex_bg",
                   "ext2: vda: refused: feature 'flex_bg' (incompat 0x200) is not known\n");
    expect_refusal("-O journal_dev -b 4096",
                   "ext2: vda: refused: feature 'journal_dev' (incompat 0x8) is not known\n");
    expect_refusal("-t ext2 -b 1024", "ext2: vda: refused: block size 1024 is not 4096\n");
}

static void clean_journal_mounts_and_one_to_recover_does_not(void **state)
{
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/ext3", work);
    assert_int_equal(host_run("mke2fs >/dev/null -q -F -t ext3 -b 4096 -d %s %s 32M", tree, path),
                     0);
    mount_image(path);
    assert_false(IS_ERR(sb));
    assert_string_equal(host_log, "");
    unmount_image();
    assert_int_equal(host_run("debugfs -w -R 'feature needs_recovery' %s >/dev/null 2>&1", path),
                     0);
    mount_image(path);
    assert_true(IS_ERR(sb));
    assert_string_equal(host_log,
                        "ext2: vda: refused: its journal needs recovery (e2fsck does that)\n");
    unmount_image();
}

static void read_only_features_do_not_matter(void **state)
{
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/features", work);
    assert_int_equal(host_run("mke2fs >/dev/null -q -F -t ext2 -b 4096 -I 256 "
                              "-O huge_file,dir_nlink,extra_isize,metadata_csum -d %s %s 8M",
                              tree, path),
                     0);
    mount_image(path);
    assert_false(IS_ERR(sb));
    assert_true(sb->read_only);
    unmount_image();
}

/* -- Opening ----------------------------------------------------------------------------------- */

static long open_error(const char *path, unsigned flags)
{
    struct dentry *dentry = ext2_host_walk(path, 0);
    struct file *file;

    assert_false(IS_ERR(dentry));
    file = file_open(dentry, flags);
    dentry_put(dentry);
    if (IS_ERR(file))
        return PTR_ERR(file);
    file_put(file);
    return 0;
}

static unsigned device_opens;

static int test_device_open(struct file *file)
{
    assert_string_equal(file->private, "device");
    device_opens++;
    return 0;
}

static void opening_obeys_kind_and_permission(void **state)
{
    static const struct file_ops test_device_ops = {.open = test_device_open};
    static struct device device = {
        .name = "test", .type = S_IFCHR, .ops = &test_device_ops, .private = "device"};

    (void)state;
    device.rdev = device_number(300, 60000);
    assert_int_equal(device_register(&device), 0);
    assert_int_equal(device_register(&device), -EBUSY);
    mount_image(image);
    assert_int_equal(open_error("/big", O_RDONLY), 0);
    assert_int_equal(open_error("/big", O_WRONLY), -EROFS);
    assert_int_equal(open_error("/big", O_RDWR), -EROFS);
    assert_int_equal(open_error("/big", O_RDONLY | O_TRUNC), -EROFS);
    assert_int_equal(open_error("/big", O_DIRECTORY), -ENOTDIR);
    assert_int_equal(open_error("/deep", O_RDONLY | O_DIRECTORY), 0);
    assert_int_equal(open_error("/deep", O_RDWR), -EISDIR);
    assert_int_equal(open_error("/fast", O_RDONLY), -ELOOP);
    assert_int_equal(open_error("/fast", O_PATH), 0);
    assert_int_equal(open_error("/chr", O_RDWR), 0);
    assert_int_equal(device_opens, 1);
    assert_int_equal(open_error("/blk", O_RDONLY), -ENXIO);
    assert_int_equal(open_error("/fifo", O_RDWR), 0);
    assert_int_equal(open_error("/fifo", O_WRONLY | O_NONBLOCK), -ENXIO);
    host_process.cred.fsuid = host_process.cred.fsgid = 54321;
    assert_int_equal(open_error("/secret", O_RDONLY), -EACCES);
    assert_int_equal(open_error("/secret", O_PATH), 0);
    host_process.cred.fsuid = host_process.cred.fsgid = 0;
    assert_int_equal(open_error("/secret", O_RDONLY), 0);
    unmount_image();
}

static void statfs_counts_as_linux_does(void **state)
{
    struct statfs_info st;

    (void)state;
    mount_image(image);
    sb->ops->statfs(sb, &st);
    assert_int_equal(st.type, 0xef53);
    assert_int_equal(st.block_size, 4096);
    assert_true(st.blocks < disk.size / 4096 && st.blocks_free < st.blocks);
    assert_int_equal(st.name_max, 255);
    unmount_image();
}

/* -- The image --------------------------------------------------------------------------------- */

static int setup(void **state)
{
    (void)state;
    ext2_host_begin();
    assert_int_equal(host_run("mkdir -p %s/deep && cd %s && echo hello > big && ln -s big fast && "
                              "echo hidden > secret && chmod 600 secret && mkfifo fifo",
                              tree, tree),
                     0);
    assert_int_equal(ext2_host_make("", "8M", PAGES), 0);
    host_run("debugfs -w -R 'mknod chr c 300 60000' %s >/dev/null 2>&1", image);
    host_run("debugfs -w -R 'mknod blk b 7 3' %s >/dev/null 2>&1", image);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_features_are_refused_by_name),
        cmocka_unit_test(clean_journal_mounts_and_one_to_recover_does_not),
        cmocka_unit_test(read_only_features_do_not_matter),
        cmocka_unit_test(opening_obeys_kind_and_permission),
        cmocka_unit_test(statfs_counts_as_linux_does),
    };

    return cmocka_run_group_tests(tests, setup, ext2_host_end);
}
