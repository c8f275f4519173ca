/*
 * The ext2 reader and images that lie, disks that fail, memory that runs out: 1,500 mutated images,
 * every request failing in turn, every allocation failing in turn. Nothing may crash, hang, read
 * outside of a page or a buffer (the address sanitizer sees each page's edges), or lose memory.
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

#include "arch/time.h"
#include "fs/file.h"
#include "lib/errno.h"
#include "tests/host/support/ext2_host.h"

#define PAGES     2048
#define MUTANTS   1500
#define WALK_MAX  600 /* entries looked at in a mutant */
#define DEPTH_MAX 6

/* -- Using whatever is there ------------------------------------------------------------------- */

static unsigned visited, errors, name_count;
static char names[WALK_MAX][NAME_MAX + 1];

static bool note_name(struct dir_emit *emit, const struct dir_entry *entry)
{
    (void)emit;
    assert_true(entry->len > 0 && entry->len <= NAME_MAX);
    if (name_count == WALK_MAX)
        return false;
    memcpy(names[name_count], entry->name, entry->len);
    names[name_count++][entry->len] = '\0';
    return true;
}

static void use_regular(struct file *file)
{
    static char buf[20000];

    for (int i = 0; i < 8; i++) {
        uint64_t pos = (uint64_t)i * 40000;

        if (i >= 4)
            pos = (uint64_t)rand() * 4096 % (file->inode->size + 1);
        errors += file_read_kernel(file, buf, sizeof(buf), pos) < 0;
    }
}

/* Opens, lists or reads it, whatever it says of itself; the errors are counted. */
static void use_dentry(struct dentry *dentry)
{
    struct dir_emit emit = {note_name};
    mode_t mode = dentry->inode->mode;
    char target[PATH_MAX];
    struct file *file;
    uint64_t pos = 0;

    if (S_ISLNK(mode)) {
        errors += dentry->inode->ops->readlink(dentry->inode, target, sizeof(target)) < 0;
        return;
    }
    file = file_open(dentry, O_RDONLY | O_NONBLOCK);
    if (IS_ERR(file)) {
        errors++;
        return;
    }
    if (S_ISDIR(mode))
        errors += file->ops->readdir(file, &emit, &pos) < 0;
    else if (S_ISREG(mode))
        use_regular(file);
    file_put(file);
}

/* Everything below the directory, up to WALK_MAX entries and DEPTH_MAX levels. */
static void use_tree(const char *path, unsigned depth)
{
    unsigned first = name_count, last;
    struct dentry *dentry;

    if (visited++ >= WALK_MAX)
        return;
    dentry = ext2_host_walk(path, depth % 2 ? PATH_FOLLOW : 0);
    if (IS_ERR(dentry)) {
        errors++;
        return;
    }
    use_dentry(dentry);
    dentry_put(dentry);
    last = name_count;
    for (unsigned i = first; i < last && depth < DEPTH_MAX; i++) {
        char below[DEPTH_MAX * (NAME_MAX + 1) + 1];

        if (strcmp(names[i], ".") == 0 || strcmp(names[i], "..") == 0)
            continue;
        snprintf(below, sizeof(below), "%s/%s", path, names[i]);
        use_tree(below, depth + 1);
    }
}

static void mount_only(void)
{
    host_time_ns += 10000000000; /* the limit on messages starts anew */
    ext2_host_mount(true);
    if (IS_ERR(sb) || root)
        return;
    inode_put(sb->root);
    sb->ops->unmount(sb);
    sb = ERR_PTR(-ENOMEM);
}

static void mount_and_use(void)
{
    visited = name_count = errors = 0;
    srand(4); /* the same reads each time */
    mount_only();
    if (IS_ERR(sb))
        errors++;
    else
        use_tree("", 0);
}

/* Gives back everything: what is left afterwards is lost. */
static void use_end(void)
{
    size_t all, unused;

    if (!IS_ERR(sb)) {
        inode_check();
        dentry_check();
        dentry_put(root);
        dentry_shrink(SIZE_MAX);
        sb->ops->unmount(sb);
    }
    dentry_count(&all, &unused);
    assert_int_equal(all, 0);
    inode_count(&all, &unused);
    assert_int_equal(all, 0);
    assert_int_equal(alloc_host_pages(), 0);
}

/* -- Tests ------------------------------------------------------------------------------------- */

static void absurd_superblocks_are_refused_by_one_line(void **state)
{
    static const struct {
        unsigned offset, size; /* in the superblock */
        uint32_t value;
    } cases[] = {
        {4, 4, 0xffffffff},  {4, 4, 0},           {20, 4, 1}, {24, 4, 7},
        {24, 4, 0xffffffff}, {32, 4, 0},          {32, 4, 1}, {40, 4, 0},
        {40, 4, 0xffffffff}, {56, 2, 0},          {76, 4, 2}, {88, 2, 0},
        {88, 2, 96},         {88, 2, 8192},       {0, 4, 0},  {0, 4, 0xffffffff},
        {84, 4, 1},          {84, 4, 0xffffffff},
    };

    (void)state;
    assert_true(host_disk_open(&disk, image));
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        host_disk_reset(&disk, image);
        memcpy(disk.bytes + 1024 + cases[i].offset, &cases[i].value, cases[i].size);
        mount_only();
        assert_true(IS_ERR(sb));
        assert_memory_equal(host_log, "ext2: vda: refused: ", 20);
        assert_ptr_equal(strchr(host_log, '\n'), host_log + strlen(host_log) - 1);
        use_end();
    }
    host_disk_close(&disk);
}

/* Some metadata becomes different: a bit, or one to four bytes of something absurd. */
static void mutate(void)
{
    static const uint32_t absurd[] = {0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 255, 4096, 11};
    unsigned changes = 1 + (unsigned)rand() % 12;

    while (changes-- > 0) {
        size_t range = rand() % 3 ? 24 * 4096 : disk.size;
        size_t at = (unsigned)rand() % (range / 4) * 4;
        uint32_t value = absurd[(unsigned)rand() % ARRAY_SIZE(absurd)];

        if (rand() % 8 == 0)
            at = 1024 + (unsigned)rand() % 26 * 4; /* the superblock */
        if (rand() % 3 == 0)
            disk.bytes[at + (unsigned)rand() % 4] ^= (char)(1 << rand() % 8);
        else
            memcpy(disk.bytes + at, &value, 1u << rand() % 3);
    }
}

static void mutated_images_neither_crash_nor_leak(void **state)
{
    size_t objects = alloc_host_objects();
    unsigned with_errors = 0, mounted = 0;

    (void)state;
    assert_true(host_disk_open(&disk, image));
    for (unsigned seed = 0; seed < MUTANTS; seed++) {
        srand(seed);
        host_disk_reset(&disk, image);
        mutate();
        mount_and_use();
        mounted += !IS_ERR(sb);
        with_errors += host_log[0] != '\0';
        use_end();
        assert_int_equal(alloc_host_objects(), objects);
    }
    host_disk_close(&disk);
    assert_true(with_errors > MUTANTS / 4 && mounted > MUTANTS / 2); /* it did hurt */
}

static void block_out_of_range_is_named_but_not_too_often(void **state)
{
    struct dentry *dentry;
    struct file *file;
    char buf[8];

    (void)state;
    assert_true(host_disk_open(&disk, image));
    mount_only();
    dentry = ext2_host_walk("/file", 0);
    ((uint32_t *)dentry->inode->private)[0] = 0xfffffff0;
    file = file_open(dentry, O_RDONLY);
    for (int i = 0; i < 100; i++)
        assert_int_equal(file_read_kernel(file, buf, sizeof(buf), 0), -EIO);
    assert_non_null(strstr(host_log, "block number 4294967280 is out of range\n"));
    assert_in_range(strlen(host_log), 10, 1000); /* ten lines, not a hundred */
    ((uint32_t *)dentry->inode->private)[0] = 0; /* a page whose read failed is read again */
    assert_int_equal(file_read_kernel(file, buf, sizeof(buf), 0), sizeof(buf));
    assert_memory_equal(buf, "\0\0\0\0\0\0\0", sizeof(buf));
    file_put(file);
    dentry_put(dentry);
    use_end();
    host_disk_close(&disk);
}

/* A block beside the last one is wrong, and does not spoil the last one. */
static void run_is_cut_off_at_the_end_of_the_disk(void **state)
{
    struct dentry *dentry;
    struct file *file;
    uint32_t *map;
    char buf[8];

    (void)state;
    assert_true(host_disk_open(&disk, image));
    mount_only();
    dentry = ext2_host_walk("/file", 0);
    map = dentry->inode->private;
    map[0] = (uint32_t)(disk.size / 4096) - 1;
    map[1] = map[0] + 1;
    file = file_open(dentry, O_RDONLY);
    assert_int_equal(file_read_kernel(file, buf, sizeof(buf), 0), sizeof(buf));
    assert_int_equal(file_read_kernel(file, buf, sizeof(buf), 4096), -EIO);
    file_put(file);
    dentry_put(dentry);
    use_end();
    host_disk_close(&disk);
}

/* The root's first entry, ".", is made to lie; -EUCLEAN and a line that says where. */
static void directory_entries_that_lie_are_named(void **state)
{
    static const struct {
        unsigned offset, size;
        uint32_t value;
        const char *line;
    } cases[] = {
        {4, 2, 0, "absurd length"},
        {4, 2, 8, "absurd length"},
        {4, 2, 13, "absurd length"},
        {4, 2, 65532, "longer than its block"},
        {6, 1, 0, "absurd name"},
        {6, 1, 255, "absurd name"},
        {6, 1, 5, "absurd name"},
        {0, 4, 0xffffff, "no such inode"},
        {8, 1, '/', "a name with a slash or a zero byte"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char expect[128];

        assert_true(host_disk_open(&disk, image));
        mount_only();
        snprintf(expect, sizeof(expect), "ext2: vda: directory 2: entry at 0: %s\n", cases[i].line);
        memcpy(disk.bytes + ((uint32_t *)sb->root->private)[0] * 4096UL + cases[i].offset,
               &cases[i].value, cases[i].size);
        errors = name_count = 0;
        use_dentry(root);
        assert_int_equal(errors, 1);
        assert_string_equal(host_log, expect);
        if (cases[i].offset < 8)
            assert_int_equal(PTR_ERR(ext2_host_walk("x", 0)), -EUCLEAN);
        use_end();
        host_disk_close(&disk);
    }
}

static void every_failing_request_is_an_error_and_no_more(void **state)
{
    uint64_t requests;
    unsigned baseline;

    (void)state;
    assert_true(host_disk_open(&disk, image));
    mount_and_use();
    baseline = errors;
    use_end();
    requests = disk.requests;
    assert_true(requests > 20);
    for (unsigned n = 1; n <= requests; n++) {
        disk.fail_in = n;
        mount_and_use();
        assert_true(errors > baseline || host_log[0] != '\0');
        use_end();
    }
    mount_and_use();
    assert_int_equal(errors, baseline);
    use_end();
    host_disk_close(&disk);
}

static void every_failing_allocation_is_an_error_and_no_more(void **state)
{
    size_t objects = alloc_host_objects();
    uint64_t asked;

    (void)state;
    assert_true(host_disk_open(&disk, image));
    alloc_fail_nth(0);
    mount_and_use();
    use_end();
    asked = alloc_host_asked;
    assert_true(asked > 500);
    for (uint64_t n = 1; n <= asked; n += n < 200 ? 1 : 7) {
        alloc_fail_nth(n);
        mount_and_use();
        alloc_fail_nth(0);
        use_end();
        assert_int_equal(alloc_host_objects(), objects);
    }
    host_disk_close(&disk);
}

/* -- The image --------------------------------------------------------------------------------- */

static void make_tree(void)
{
    char name[96];

    assert_int_equal(host_run("mkdir -p %s/d/e/f %s/list", tree, tree), 0);
    host_file_write(tree, "file", 100000, 1);
    host_file_write(tree, "d/e/f/tiny", 10, 2);
    for (unsigned i = 0; i < 150; i++) {
        snprintf(name, sizeof(name), "list/a-rather-long-name-so-that-blocks-fill-%u", i);
        host_file_write(tree, name, 0, 0);
    }
    assert_int_equal(host_run("cd %s && ln -s d/e fast && ln -s %0100d slow && mkfifo fifo && "
                              "truncate -s 6M hole && printf x >> hole",
                              tree, 0),
                     0);
}

static int setup(void **state)
{
    (void)state;
    ext2_host_begin();
    make_tree();
    assert_int_equal(ext2_host_make("-N 192 -O ^resize_inode", "1M", PAGES), 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absurd_superblocks_are_refused_by_one_line),
        cmocka_unit_test(mutated_images_neither_crash_nor_leak),
        cmocka_unit_test(block_out_of_range_is_named_but_not_too_often),
        cmocka_unit_test(run_is_cut_off_at_the_end_of_the_disk),
        cmocka_unit_test(directory_entries_that_lie_are_named),
        cmocka_unit_test(every_failing_request_is_an_error_and_no_more),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_no_more),
    };

    return cmocka_run_group_tests(tests, setup, ext2_host_end);
}
