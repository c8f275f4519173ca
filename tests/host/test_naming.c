/*
 * Changes of names in tmpfs against a naive model: a list of (directory, name, file), searched from
 * end to end. Both do the same random makings, links, removals, renames and exchanges; every answer
 * must agree, and after it every name, every count of links, and the path of every name that is
 * held while it moves. Allocations fail now and then: then nothing has changed.
 *
 * uses: fs/tmpfs.c fs/tmpfs_data.c fs/tmpfs_dir.c fs/naming.c fs/attr.c fs/pseudo.c fs/mount.c
 * uses: fs/dentry.c fs/inode.c fs/hash_table.c fs/file.c fs/uio.c fs/device.c fs/pipe.c
 * uses: lib/rbtree.c mm/readahead.c mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/rtc.h"
#include "fs/mount.h"
#include "fs/naming.h"
#include "fs/tmpfs.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/truncate.h"
#include "tests/host/support/vfs_host.h"

#define PAGES      2048
#define OPERATIONS 100000
#define ENTRIES    40 /* the file system's limit too */
#define NAMES      5
#define HELD       6

/* A name of the model; entry 0 is the root. The entry stays the same when its file is renamed. */
static struct entry {
    bool used;
    bool directory;
    int parent; /* an entry, always a directory */
    char name;
    uint64_t ino;
} entries[ENTRIES + 1];

static struct super_block *sb;
static struct {
    struct dentry *dentry; /* NULL: nothing is held */
    int entry;             /* -1: removed */
} held[HELD];

uint64_t rtc_boot_time_ns(void)
{
    return 0;
}

void cache_cut(struct page_cache *cache, pgoff_t first)
{
    page_cache_truncate(cache, first);
}

static int any(int n)
{
    return rand() % n;
}

/* -- The model --------------------------------------------------------------------------------- */

static int model_find(int parent, char name)
{
    for (int i = 1; i <= ENTRIES; i++)
        if (entries[i].used && entries[i].parent == parent && entries[i].name == name)
            return i;
    return -1;
}

static bool model_empty(int directory)
{
    for (int i = 1; i <= ENTRIES; i++)
        if (entries[i].used && entries[i].parent == directory)
            return false;
    return true;
}

static int model_free(void)
{
    for (int i = 1; i <= ENTRIES; i++)
        if (!entries[i].used)
            return i;
    return -1;
}

static bool model_above(int above, int below)
{
    while (below != above && below != 0)
        below = entries[below].parent;
    return below == above;
}

static unsigned model_links(int entry)
{
    unsigned links = entries[entry].directory ? 2 : 0;

    for (int i = 1; i <= ENTRIES; i++)
        if (entries[i].used)
            links += entries[entry].directory ? entries[i].directory && entries[i].parent == entry
                                              : entries[i].ino == entries[entry].ino;
    return links;
}

static void model_path(int entry, char *text)
{
    if (entry == 0) {
        text[0] = '\0';
        return;
    }
    model_path(entries[entry].parent, text);
    sprintf(text + strlen(text), "/%c", entries[entry].name);
}

static void model_remove(int entry)
{
    entries[entry].used = false;
    for (int i = 0; i < HELD; i++)
        if (held[i].entry == entry)
            held[i].entry = -1;
}

static int model_rename_error(int from, int to, unsigned flags, int from_dir, int to_dir)
{
    bool exchange = flags & RENAME_EXCHANGE;

    if (from < 0)
        return -ENOENT;
    if (to >= 0 && flags & RENAME_NOREPLACE)
        return -EEXIST;
    if (to < 0 && exchange)
        return -ENOENT;
    if (model_above(from, to_dir))
        return -EINVAL;
    if (to >= 0 && model_above(to, from_dir))
        return exchange ? -EINVAL : -ENOTEMPTY;
    if (to < 0 || exchange || entries[to].ino == entries[from].ino)
        return 0;
    if (entries[from].directory != entries[to].directory)
        return entries[to].directory ? -EISDIR : -ENOTDIR;
    return entries[to].directory && !model_empty(to) ? -ENOTEMPTY : 0;
}

static void model_rename(int from, int to, unsigned flags, struct entry place)
{
    struct entry old = entries[from];

    if (to >= 0 && entries[to].ino == old.ino)
        return;
    if (to >= 0 && !(flags & RENAME_EXCHANGE)) {
        model_remove(to);
    } else if (to >= 0) {
        entries[to].parent = old.parent;
        entries[to].name = old.name;
    }
    entries[from].parent = place.parent;
    entries[from].name = place.name;
}

/* -- Both together ----------------------------------------------------------------------------- */

/* The dentry of a model's entry, looked up from the root; a reference. */
static struct dentry *entry_dentry(int entry)
{
    struct dentry *above, *dentry;

    if (entry == 0) {
        dentry_get(mount_root());
        return mount_root();
    }
    above = entry_dentry(entries[entry].parent);
    dentry = dentry_lookup(above, &entries[entry].name, 1);
    assert_false(IS_ERR(dentry));
    dentry_put(above);
    return dentry;
}

static int random_directory(void)
{
    int entry;

    do
        entry = any(ENTRIES + 1);
    while (entry && !(entries[entry].used && entries[entry].directory));
    return entry;
}

/* A random name of the model's, and the same for the file system: naming_end() afterwards. */
struct place {
    struct entry model;
    struct naming naming;
};

static void place_begin(struct place *place)
{
    place->model = (struct entry){.parent = random_directory(), .name = (char)('a' + any(NAMES))};
    place->naming =
        (struct naming){entry_dentry(place->model.parent), &place->model.name, 1, false};
}

static void place_end(struct place *place)
{
    dentry_put(place->naming.dir);
}

static void operate_create(struct place *at, bool fail)
{
    struct inode_spec spec = {.mode = any(2) ? S_IFDIR | 0755 : S_IFREG | 0644};
    int slot = model_free(), expect = slot < 0 ? -ENOSPC : 0, error;
    struct dentry *made;

    if (model_find(at->model.parent, at->model.name) >= 0)
        expect = -EEXIST;
    alloc_fail_nth(fail ? 1 + (unsigned)any(5) : 0);
    error = naming_create(&at->naming, &spec, &made);
    alloc_fail_nth(0);
    assert_true(error == expect || (fail && error == -ENOMEM));
    if (error)
        return;
    at->model.used = true;
    at->model.directory = S_ISDIR(spec.mode);
    at->model.ino = made->inode->ino;
    entries[slot] = at->model;
    dentry_put(made);
}

static void operate_link(struct place *at, bool fail)
{
    int from = any(ENTRIES + 1), slot = model_free(), expect = slot < 0 ? -ENOSPC : 0, error;
    struct dentry *dentry;

    if (!entries[from].used)
        return;
    dentry = entry_dentry(from);
    if (entries[from].directory)
        expect = -EPERM;
    if (model_find(at->model.parent, at->model.name) >= 0)
        expect = -EEXIST;
    alloc_fail_nth(fail ? 1 + (unsigned)any(3) : 0);
    error = naming_link(dentry->inode, &at->naming);
    alloc_fail_nth(0);
    dentry_put(dentry);
    assert_true(error == expect || (fail && error == -ENOMEM));
    if (error)
        return;
    at->model.used = true;
    at->model.ino = entries[from].ino;
    entries[slot] = at->model;
}

static void operate_remove(struct place *at)
{
    int entry = model_find(at->model.parent, at->model.name), expect = 0;
    bool directory = any(2);

    if (entry < 0)
        expect = -ENOENT;
    else if (entries[entry].directory != directory)
        expect = directory ? -ENOTDIR : -EISDIR;
    else if (directory && !model_empty(entry))
        expect = -ENOTEMPTY;
    assert_int_equal(naming_remove(&at->naming, directory), expect);
    if (!expect)
        model_remove(entry);
}

static void operate_rename(struct place *from, bool fail)
{
    static const unsigned kinds[] = {0, 0, RENAME_NOREPLACE, RENAME_EXCHANGE};
    unsigned flags = kinds[any(ARRAY_SIZE(kinds))];
    struct place to;
    int old, new, expect, error;

    place_begin(&to);
    old = model_find(from->model.parent, from->model.name);
    new = model_find(to.model.parent, to.model.name);
    expect = model_rename_error(old, new, flags, from->model.parent, to.model.parent);
    alloc_fail_nth(fail ? 1 + (unsigned)any(4) : 0);
    error = naming_rename(&from->naming, &to.naming, flags);
    alloc_fail_nth(0);
    assert_true(error == expect || (fail && error == -ENOMEM));
    if (!error)
        model_rename(old, new, flags, to.model);
    place_end(&to);
}

static void check_entry(int entry)
{
    struct dentry *dentry = entry_dentry(entry);

    assert_int_equal(dentry->inode->ino, entries[entry].ino);
    assert_int_equal(S_ISDIR(dentry->inode->mode), entries[entry].directory);
    assert_int_equal(dentry->inode->nlink, model_links(entry));
    if (entries[entry].directory)
        tmpfs_check(dentry->inode);
    dentry_put(dentry);
}

static void check_all(void)
{
    struct statfs_info info;
    uint64_t used = 0;

    for (int i = 0; i <= ENTRIES; i++) {
        if (entries[i].used)
            check_entry(i);
        used += i > 0 && entries[i].used;
    }
    sb->ops->statfs(sb, &info);
    assert_int_equal(info.files - info.files_free, used);
    dentry_check();
}

static void check_held(void)
{
    char text[PATH_MAX], expect[PATH_MAX];

    for (int i = 0; i < HELD; i++) {
        if (!held[i].dentry)
            continue;
        assert_int_equal(dentry_dropped(held[i].dentry), held[i].entry < 0);
        assert_true(dentry_path(held[i].dentry, NULL, text, sizeof(text)) > 0);
        if (held[i].entry < 0) {
            assert_non_null(strstr(text, " (deleted)"));
        } else {
            model_path(held[i].entry, expect);
            assert_string_equal(text, expect);
        }
    }
}

/* Lets one held name go, and takes another. */
static void change_held(void)
{
    int slot = any(HELD), entry = any(ENTRIES + 1);

    if (held[slot].dentry)
        dentry_put(held[slot].dentry);
    held[slot].dentry = NULL;
    held[slot].entry = -1;
    if (entry == 0 || !entries[entry].used)
        return;
    held[slot].dentry = entry_dentry(entry);
    held[slot].entry = entry;
}

static void operate(void)
{
    bool fail = any(20) == 0;
    struct place at;

    place_begin(&at);
    switch (any(6)) {
    case 0:
        operate_create(&at, fail);
        break;
    case 1:
        operate_link(&at, fail);
        break;
    case 2:
    case 3:
        operate_remove(&at);
        break;
    default:
        operate_rename(&at, fail);
    }
    place_end(&at);
}

static void names_agree_with_naive_model(void **state)
{
    (void)state;
    srand(3);
    entries[0] = (struct entry){.used = true, .directory = true, .ino = sb->root->ino};
    for (int i = 0; i < OPERATIONS; i++) {
        operate();
        check_held();
        if (any(10) == 0)
            change_held();
        if (any(50) == 0)
            dentry_shrink(1);
        if (any(20) == 0)
            check_all();
    }
}

/* Nothing is left of what was made, once all names are gone. */
static void removal_gives_everything_back(void **state)
{
    size_t all, unused;

    (void)state;
    for (int i = 0; i < HELD; i++)
        if (held[i].dentry)
            dentry_put(held[i].dentry);
    for (int i = 1, left = 1; left; i = i % ENTRIES + 1) {
        struct naming at;

        left = !model_empty(0);
        if (!entries[i].used || (entries[i].directory && !model_empty(i)))
            continue;
        at = (struct naming){entry_dentry(entries[i].parent), &entries[i].name, 1, false};
        assert_int_equal(naming_remove(&at, entries[i].directory), 0);
        dentry_put(at.dir);
        entries[i].used = false;
    }
    dentry_shrink(SIZE_MAX);
    dentry_count(&all, &unused);
    assert_int_equal(all, 1);
    inode_count(&all, &unused);
    assert_int_equal(all, 1);
}

static int set_up(void **state)
{
    (void)state;
    vfs_host_init(PAGES);
    naming_init();
    sb = tmpfs_create(PAGES, ENTRIES);
    return IS_ERR(sb) ? -1 : mount_attach(sb, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_agree_with_naive_model),
        cmocka_unit_test(removal_gives_everything_back),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
