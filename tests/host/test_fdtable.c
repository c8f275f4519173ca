/*
 * Descriptor tables against an array that does the same by linear search, over 100,000 random
 * operations on a table and its copies: the lowest free number, limits, close-on-exec, dup3,
 * ranges, growth; each file is put exactly when its last descriptor goes.
 *
 * uses: fs/fdtable.c fs/file.c fs/uio.c fs/dentry.c fs/inode.c fs/hash_table.c lib/bitmap.c
 * uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c mm/readahead.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fs/fdtable.h"
#include "lib/errno.h"
#include "tests/host/support/vfs_host.h"

#define ROUNDS  100000
#define NUMBERS 700 /* numbers below this are used */
#define TABLES  3

struct model {
    struct fdtable *table;
    struct file *file[NUMBERS];
    bool cloexec[NUMBERS];
};

static struct super_block super = {.fs_name = "test"};
static struct model models[TABLES];
static unsigned released, expected;

static unsigned any(unsigned n)
{
    return (unsigned)rand() % n;
}

static void count_release(struct file *file)
{
    (void)file;
    released++;
}

static const struct file_ops counting_ops = {.release = count_release};

static struct file *make_file(void)
{
    struct inode *inode = inode_create(&super, 1, S_IFIFO);
    struct file *file = file_create(inode, &counting_ops, O_RDONLY);

    assert_non_null(file);
    return file;
}

/* How many descriptors of all models hold the file. */
static unsigned holders(const struct file *file)
{
    unsigned n = 0;

    for (unsigned t = 0; t < TABLES; t++)
        for (unsigned fd = 0; models[t].table && fd < NUMBERS; fd++)
            n += models[t].file[fd] == file;
    return n;
}

static void model_set(struct model *model, unsigned fd, struct file *file, bool cloexec)
{
    struct file *old = model->file[fd];

    model->file[fd] = file;
    model->cloexec[fd] = cloexec;
    if (old && holders(old) == 0)
        expected++;
}

static unsigned model_lowest(const struct model *model, unsigned min)
{
    while (min < NUMBERS && model->file[min])
        min++;
    return min;
}

/* A new file, or one more reference to one that is open. */
static struct file *some_file(const struct model *model)
{
    struct file *file = model->file[any(NUMBERS)];

    if (!file || any(2))
        return make_file();
    file_get(file);
    return file;
}

static void do_install(struct model *model)
{
    struct file *file = some_file(model);
    unsigned min = any(4) ? 0 : any(NUMBERS), limit = any(4) ? NUMBERS : any(NUMBERS);
    bool cloexec = any(2);
    unsigned lowest = model_lowest(model, min);
    int fd = fd_install(model->table, file, (int)min, limit, cloexec);

    if (min >= limit)
        assert_int_equal(fd, min == 0 ? -EMFILE : -EINVAL);
    else if (lowest >= limit)
        assert_int_equal(fd, -EMFILE);
    else
        assert_int_equal(fd, lowest);
    if (fd >= 0) {
        model_set(model, lowest, file, cloexec);
    } else {
        expected += holders(file) == 0;
        file_put(file);
    }
}

static void do_replace(struct model *model)
{
    struct file *file = some_file(model);
    unsigned fd = any(NUMBERS);
    bool cloexec = any(2);

    if (any(8) == 0) {
        assert_int_equal(fd_replace(model->table, file, (int)fd, fd, cloexec), -EBADF);
        expected += holders(file) == 0;
        file_put(file);
        return;
    }
    assert_int_equal(fd_replace(model->table, file, (int)fd, NUMBERS, cloexec), fd);
    model_set(model, fd, file, cloexec);
}

static void do_close(struct model *model)
{
    unsigned fd = any(NUMBERS);

    assert_int_equal(fd_close(model->table, (int)fd), model->file[fd] ? 0 : -EBADF);
    model_set(model, fd, NULL, false);
}

static void do_range(struct model *model)
{
    unsigned first = any(NUMBERS), last = any(4) ? first + any(20) : UINT32_MAX;
    bool cloexec_only = any(2);

    fd_close_range(model->table, first, last, cloexec_only);
    for (unsigned fd = first; fd <= last && fd < NUMBERS; fd++) {
        if (!cloexec_only)
            model_set(model, fd, NULL, false);
        else if (model->file[fd])
            model->cloexec[fd] = true;
    }
}

static void do_exec(struct model *model)
{
    fdtable_close_on_exec(model->table);
    for (unsigned fd = 0; fd < NUMBERS; fd++)
        if (model->cloexec[fd])
            model_set(model, fd, NULL, false);
}

static void do_drop(struct model *model)
{
    fdtable_put(model->table);
    for (unsigned fd = 0; fd < NUMBERS; fd++)
        model_set(model, fd, NULL, false);
    model->table = NULL;
}

/* The table ends, and another is a copy of a third, or empty. */
static void do_fork(struct model *model)
{
    const struct model *from = &models[any(TABLES)];

    if (from == model)
        return;
    do_drop(model);
    if (any(4) == 0) {
        model->table = fdtable_create();
        return;
    }
    *model = *from;
    model->table = fdtable_copy(from->table);
    assert_non_null(model->table);
}

static void do_look(struct model *model)
{
    unsigned fd = any(NUMBERS), next = fd;
    struct file *file = fd_get(model->table, (int)fd);
    bool on = any(2);

    assert_ptr_equal(file, model->file[fd]);
    if (file)
        file_put(file);
    assert_int_equal(fd_get_cloexec(model->table, (int)fd), file ? model->cloexec[fd] : -EBADF);
    assert_int_equal(fd_set_cloexec(model->table, (int)fd, on), file ? 0 : -EBADF);
    model->cloexec[fd] = file && on;
    while (next < NUMBERS && !model->file[next])
        next++;
    assert_int_equal(fd_next(model->table, (int)fd), next < NUMBERS ? (int)next : -1);
}

static void table_agrees_with_linear_search(void **state)
{
    srand(5);
    for (unsigned t = 0; t < TABLES; t++)
        models[t].table = fdtable_create();
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct model *model = &models[any(TABLES)];
        unsigned what = any(1000);

        if (what < 450)
            do_install(model);
        else if (what < 600)
            do_close(model);
        else if (what < 700)
            do_replace(model);
        else if (what < 990)
            do_look(model);
        else if (what < 995)
            do_range(model);
        else if (what < 997)
            do_exec(model);
        else
            do_fork(model);
        assert_int_equal(released, expected);
        if (i % 100 == 0)
            fdtable_check(model->table);
    }
    for (unsigned t = 0; t < TABLES; t++)
        do_drop(&models[t]);
    assert_int_equal(released, expected);
    assert_int_equal(alloc_host_objects(), *(size_t *)*state);
}

static void failing_allocation_leaves_the_table_as_it_was(void **state)
{
    struct fdtable *table;
    struct file *file;

    for (unsigned n = 1; n <= 3; n++) {
        alloc_fail_nth(n);
        assert_null(fdtable_create());
    }
    alloc_fail_nth(0);
    table = fdtable_create();
    file = make_file();
    alloc_fail_nth(1);
    assert_int_equal(fd_install(table, file, 100, 1000, false), -ENOMEM);
    alloc_fail_nth(2);
    assert_int_equal(fd_replace(table, file, 100, 1000, false), -ENOMEM);
    alloc_fail_nth(0);
    assert_int_equal(fd_install(table, file, 100, 1000, true), 100);
    alloc_fail_nth(2);
    assert_null(fdtable_copy(table));
    alloc_fail_nth(0);
    fdtable_check(table);
    assert_int_equal(fd_get_cloexec(table, 100), 1);
    assert_int_equal(fd_close(table, -1), -EBADF);
    assert_null(fd_get(table, -1));
    assert_false(fdtable_shared(table));
    fdtable_get(table);
    assert_true(fdtable_shared(table));
    fdtable_put(table);
    fdtable_put(table);
    assert_int_equal(alloc_host_objects(), *(size_t *)*state);
}

static int setup(void **state)
{
    static size_t objects;

    objects = vfs_host_init(16);
    *state = &objects;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_agrees_with_linear_search),
        cmocka_unit_test(failing_allocation_leaves_the_table_as_it_was),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
