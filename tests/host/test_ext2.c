/*
 * The ext2 reader against the host: images made by mke2fs -d from a tree that the test makes; every
 * file, link and directory must come back as it was; random reads must give the host's bytes. What
 * is mounted and opened: test_ext2_mount.c; images that lie: test_ext2_hostile.c.
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
#include "lib/bits.h"
#include "lib/errno.h"
#include "tests/host/support/ext2_host.h"

#define PAGES       2048
#define READS       100000
#define READ_MAX    (64 * KIB)
#define SPARSE_SIZE (5 * GIB)
#define MANY        5000

/* Where the 5 GiB file has data: direct, single, double, triple indirect, the end. */
static const uint64_t spots[] = {0, 100000, 5000000, 4400000000, SPARSE_SIZE - 1000};

static struct file *open_file(const char *path)
{
    struct dentry *dentry = ext2_host_walk(path, PATH_FOLLOW);
    struct file *file = file_open(dentry, O_RDONLY);

    assert_false(IS_ERR(dentry) || IS_ERR(file));
    dentry_put(dentry);
    return file;
}

/* -- Comparing with the host ------------------------------------------------------------------- */

static unsigned compared;

static void compare_bytes(struct file *file, const char *host_path, uint64_t pos, size_t n)
{
    static char ours[READ_MAX], theirs[READ_MAX];
    ssize_t expect = host_pread(host_path, theirs, n, pos);

    assert_int_equal(file_read_kernel(file, ours, n, pos), expect);
    assert_memory_equal(ours, theirs, expect);
}

static void compare_file(const struct host_entry *entry)
{
    struct file *file = open_file(entry->path);
    char host_path[512];

    snprintf(host_path, sizeof(host_path), "%s%s", tree, entry->path);
    for (uint64_t pos = 0; pos <= MIN(entry->size, 8 * MIB); pos += READ_MAX)
        compare_bytes(file, host_path, pos, READ_MAX);
    compare_bytes(file, host_path, entry->size, READ_MAX);
    file_put(file);
}

static void compare_link(const struct host_entry *entry, struct inode *inode)
{
    char target[PATH_MAX];
    ssize_t len = inode->ops->readlink(inode, target, sizeof(target));

    assert_int_equal(len, strlen(entry->target));
    assert_memory_equal(target, entry->target, len);
    memset(target, '#', sizeof(target));
    assert_int_equal(inode->ops->readlink(inode, target, 1), len);
    assert_int_equal(target[1], '#');
}

static void compare_entry(const struct host_entry *entry)
{
    struct dentry *dentry = ext2_host_walk(entry->path, 0);
    struct inode *inode;
    char text[PATH_MAX];

    assert_false(IS_ERR(dentry));
    inode = dentry->inode;
    assert_int_equal(inode->mode, entry->mode);
    if (!S_ISDIR(entry->mode)) {
        assert_int_equal(inode->size, entry->size);
        assert_int_equal(inode->nlink, entry->nlink);
    }
    if (*entry->path) { /* the root is made by mke2fs */
        assert_int_equal(inode->uid, entry->uid);
        assert_int_equal(inode->gid, entry->gid);
        assert_int_equal(inode->mtime.sec, entry->mtime);
        assert_int_equal(dentry_path(dentry, NULL, text, sizeof(text)), strlen(entry->path));
        assert_string_equal(text, entry->path);
    }
    if (S_ISREG(entry->mode))
        compare_file(entry);
    if (S_ISLNK(entry->mode))
        compare_link(entry, inode);
    dentry_put(dentry);
    compared++;
}

static void everything_reads_as_on_the_host(void **state)
{
    (void)state;
    mount_image(image);
    assert_false(IS_ERR(sb));
    compared = 0;
    host_tree_walk(tree, compare_entry);
    assert_true(compared > MANY);
    inode_check();
    dentry_check();
    unmount_image();
}

/* -- Directories ------------------------------------------------------------------------------- */

struct collector {
    struct dir_emit emit;
    unsigned seen, stop_after, dots;
    unsigned char found[MANY];
    uint64_t pos[MANY + 4];
    unsigned last;
};

static bool collect(struct dir_emit *emit, const struct dir_entry *entry)
{
    struct collector *all = container_of(emit, struct collector, emit);
    char text[NAME_MAX + 1];
    unsigned number;

    if (all->seen == all->stop_after)
        return false;
    memcpy(text, entry->name, entry->len);
    text[entry->len] = '\0';
    assert_true(entry->ino != 0);
    all->pos[all->seen++] = entry->next_pos;
    if (text[0] == '.') {
        assert_int_equal(entry->type, DT_DIR);
        all->dots++;
        return true;
    }
    assert_int_equal(entry->type, DT_REG);
    assert_int_equal(sscanf(text, "file-number-%u", &number), 1);
    assert_true(number < MANY && !all->found[number]);
    all->found[number] = 1;
    all->last = number;
    return true;
}

static void list_many(const char *path)
{
    static struct collector all;
    struct file *file = open_file(path);
    uint64_t pos = 0;
    unsigned last, seen;

    memset(&all, 0, sizeof(all));
    all.emit.emit = collect;
    while (all.seen == all.stop_after) {
        all.stop_after += 1 + (unsigned)rand() % 100;
        assert_int_equal(file->ops->readdir(file, &all.emit, &pos), 0);
    }
    assert_int_equal(all.seen, MANY + 2);
    assert_int_equal(all.dots, 2);
    for (int i = 0; i < 1000; i++) { /* from any position on the same entries follow */
        unsigned at = (unsigned)rand() % (MANY + 1);

        pos = all.pos[at];
        seen = all.seen;
        last = all.last;
        memset(all.found, 0, sizeof(all.found));
        all.seen = at + 1;
        all.stop_after = at + 2;
        assert_int_equal(file->ops->readdir(file, &all.emit, &pos), 0);
        assert_int_equal(all.seen, at + 2);
        assert_int_equal(pos, all.pos[at + 1]);
        all.seen = seen;
        all.last = last;
    }
    pos = 1; /* between two entries: the next one */
    all.seen = 0;
    all.stop_after = 1;
    assert_int_equal(file->ops->readdir(file, &all.emit, &pos), 0);
    assert_int_equal(all.seen, 1);
    pos = UINT64_MAX; /* beyond the end: nothing */
    assert_int_equal(file->ops->readdir(file, &all.emit, &pos), 0);
    assert_int_equal(all.seen, 1);
    file_put(file);
}

static void large_and_indexed_directories_list_each_name_once(void **state)
{
    (void)state;
    mount_image(image);
    list_many("/many");
    unmount_image();
}

/* What getdents puts into a user's buffer, entry by entry. */
static void getdents_fills_whole_records_and_goes_on(void **state)
{
    size_t sizes[] = {24, 32, 48, 100, 4096, 100000};
    static char buf[100000];

    (void)state;
    mount_image(image);
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct file *file = open_file("/");
        unsigned names = 0;
        ssize_t n;

        while ((n = file_getdents(file, (uintptr_t)buf, sizes[i])) > 0) {
            for (ssize_t at = 0; at < n; names++) {
                unsigned len = get_le16(buf + at + 16);

                assert_true(len % 8 == 0 && at + (ssize_t)len <= n);
                assert_true(strlen(buf + at + 19) < len - 19);
                at += len;
            }
        }
        if (sizes[i] >= 32) /* what "lost+found" takes */
            assert_int_equal(names, 16);
        assert_int_equal(n, sizes[i] >= 32 ? 0 : -EINVAL);
        assert_int_equal(file_seek(file, 0, SEEK_SET), 0);
        assert_true(file_getdents(file, (uintptr_t)buf, 4096) > 0);
        file_put(file);
    }
    unmount_image();
}

/* -- Random reads ------------------------------------------------------------------------------ */

static const char *const read_names[] = {"/big", "/sparse", "/hard1", "/deep/1/2/3/4/file",
                                         "/empty"};

static void random_reads_give_the_hosts_bytes(void **state)
{
    struct file *files[ARRAY_SIZE(read_names)];
    char paths[ARRAY_SIZE(read_names)][256];

    (void)state;
    mount_image(image);
    srand(3);
    for (size_t i = 0; i < ARRAY_SIZE(read_names); i++) {
        files[i] = open_file(read_names[i]);
        snprintf(paths[i], sizeof(paths[i]), "%s%s", tree, read_names[i]);
    }
    for (int i = 0; i < READS; i++) {
        size_t which = (unsigned)(i / 64) % ARRAY_SIZE(read_names);
        uint64_t size = files[which]->inode->size + 100;
        uint64_t pos = (((uint64_t)rand() << 31) + (unsigned)rand()) % size;
        size_t n = (unsigned)rand() % (rand() % 16 ? 5000 : READ_MAX);

        if (rand() % 2)
            pos = (spots[(unsigned)rand() % ARRAY_SIZE(spots)] + (unsigned)rand() % 8192) % size;
        compare_bytes(files[which], paths[which], pos, n);
        if (rand() % 50 == 0)
            page_cache_shrink((unsigned)rand() % 200);
    }
    for (size_t i = 0; i < ARRAY_SIZE(read_names); i++) {
        page_cache_check(&files[i]->inode->cache);
        file_put(files[i]);
    }
    unmount_image();
}

static void sequential_read_needs_few_requests(void **state)
{
    static char buf[4096];
    struct file *file;
    uint64_t before;

    (void)state;
    mount_image(image);
    file = open_file("/big");
    before = disk.requests;
    for (uint64_t pos = 0; pos < file->inode->size; pos += sizeof(buf)) {
        struct iovec iov;
        struct uio uio;

        uio_init_kernel(&uio, &iov, buf, sizeof(buf));
        assert_true(file_read(file, &uio, NULL) > 0);
    }
    /* 3 MiB in requests of up to 128 KiB, and a few for indirect blocks and the first windows. */
    assert_in_range(disk.requests - before, 3 * MIB / (128 * KIB), 45);
    file_put(file);
    unmount_image();
}

/* -- The images -------------------------------------------------------------------------------- */

static void make_tree(void)
{
    char path[512], many[128];
    FILE *file;

    assert_int_equal(host_run("mkdir -p %s/deep/1/2/3/4 %s/many", tree, tree), 0);
    host_file_write(tree, "big", 3 * MIB + 123, 1);
    host_file_write(tree, "hard1", 60000, 2);
    host_file_write(tree, "empty", 0, 0);
    host_file_write(tree, "secret", 5, 5);
    host_file_write(tree, "deep/1/2/3/4/file", 4097, 3);
    assert_int_equal(host_run("cd %s && ln hard1 hard2 && ln hard1 deep/1/hard3 && ln -s big fast "
                              "&& ln -s deep/1/2/%0999d/../3 slow && ln -s %059d s59 && "
                              "ln -s %060d s60 && mkfifo fifo && chmod 600 secret",
                              tree, 0, 0, 0),
                     0);
    snprintf(many, sizeof(many), "%s/many", tree);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(path, sizeof(path), "file-number-%u", i);
        host_file_write(many, path, i % 100 ? 0 : i, i);
    }
    snprintf(path, sizeof(path), "%s/sparse", tree);
    file = fopen(path, "w");
    for (size_t i = 0; i < ARRAY_SIZE(spots); i++) {
        fseek(file, (long)spots[i], SEEK_SET);
        for (int k = 0; k < 900; k++)
            fputc((int)(i + 1) * 7 + k, file);
    }
    fclose(file);
    assert_int_equal(host_run("truncate -s %lu %s", SPARSE_SIZE, path), 0);
}

static int setup(void **state)
{
    (void)state;
    ext2_host_begin();
    make_tree();
    assert_int_equal(ext2_host_make("", "64M", PAGES), 0);
    assert_in_range(host_run("e2fsck -fyD %s >/dev/null 2>&1", image), 0, 1); /* indexes /many */
    assert_int_equal(host_run("debugfs -R 'htree /many' %s 2>&1 | grep -q 'Root node'", image), 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_reads_as_on_the_host),
        cmocka_unit_test(large_and_indexed_directories_list_each_name_once),
        cmocka_unit_test(getdents_fills_whole_records_and_goes_on),
        cmocka_unit_test(random_reads_give_the_hosts_bytes),
        cmocka_unit_test(sequential_read_needs_few_requests),
    };

    return cmocka_run_group_tests(tests, setup, ext2_host_end);
}
