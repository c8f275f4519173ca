/*
 * The path walk where its limits are: forty links, loops, long and empty paths, taken mount points,
 * and names that go away by themselves.
 *
 * uses: fs/path.c fs/mount.c fs/dentry.c fs/inode.c fs/hash_table.c
 * uses: mm/page_cache.c mm/page_tree.c mm/page_lock.c mm/page_lru.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs/path.h"
#include "tests/host/support/mem_fs.h"

/* Walks from the first root: the node's number, or the error. */
static long walk_from_top(const char *text, unsigned flags)
{
    const struct path_context top = {mount_root(), mount_root()};
    struct dentry *found = path_walk(&top, text, flags);
    long result;

    if (IS_ERR(found))
        return PTR_ERR(found);
    result = dentry_node(found) - nodes;
    dentry_put(found);
    return result;
}

static unsigned add_node(unsigned dir, const char *name, mode_t mode, const char *target)
{
    struct node *node = &nodes[node_count];

    *node = (struct node){.mode = mode, .parent = &nodes[dir]};
    strcpy(node->name, name);
    strcpy(node->target, target);
    return node_count++;
}

static void forty_links_are_followed_and_not_one_more(void **state)
{
    char name[16], target[TEXT];
    unsigned file;

    (void)state;
    mem_fs_clear();
    file = add_node(0, "f", S_IFREG | 0644, "");
    add_node(0, "x0", S_IFLNK | 0777, "f");
    for (int i = 1; i <= SYMLINKS_MAX; i++) {
        snprintf(name, sizeof(name), "x%d", i);
        snprintf(target, sizeof(target), "x%d", i - 1);
        add_node(0, name, S_IFLNK | 0777, target);
    }
    assert_int_equal(walk_from_top("x39", PATH_FOLLOW), file);
    assert_int_equal(walk_from_top("x40", PATH_FOLLOW), -ELOOP);
    assert_int_equal(walk_from_top("x39/", 0), -ENOTDIR);
    assert_int_equal(walk_from_top("x40/", 0), -ELOOP);
    mem_fs_forget();
}

static void loops_empty_and_long_paths_are_named_errors(void **state)
{
    static char text[PATH_MAX + 1];

    (void)state;
    mem_fs_clear();
    add_node(0, "l", S_IFLNK | 0777, "l");
    add_node(0, "m", S_IFLNK | 0777, "m/x/y");
    assert_int_equal(walk_from_top("l", PATH_FOLLOW), -ELOOP);
    assert_int_equal(walk_from_top("m", PATH_FOLLOW), -ELOOP);
    assert_int_equal(walk_from_top("l", 0), 3);
    assert_int_equal(walk_from_top("", 0), -ENOENT);
    assert_int_equal(walk_from_top("", PATH_EMPTY), 0);
    assert_int_equal(walk_from_top("/", PATH_DIRECTORY), 0);
    assert_int_equal(walk_from_top("///..//.", 0), 0);
    memset(text, '/', PATH_MAX);
    assert_int_equal(walk_from_top(text, 0), -ENAMETOOLONG);
    text[PATH_MAX - 1] = '\0';
    assert_int_equal(walk_from_top(text, 0), 0);
    memset(text, 'n', NAME_MAX + 1);
    text[NAME_MAX + 1] = '\0';
    assert_int_equal(walk_from_top(text, 0), -ENAMETOOLONG);
    text[NAME_MAX] = '\0';
    assert_int_equal(walk_from_top(text, 0), -ENOENT);
    mem_fs_forget();
}

static void mount_on_a_taken_place_is_refused(void **state)
{
    size_t objects = alloc_host_objects();

    (void)state;
    mem_fs_clear();
    assert_int_equal(mount_attach(&supers[1], NULL), -EBUSY);
    assert_int_equal(mount_attach(&supers[1], roots[1]->mount->covered), -EBUSY);
    assert_int_equal(alloc_host_objects(), objects);
    assert_ptr_equal(mount_next(NULL)->sb, &supers[0]);
    assert_ptr_equal(mount_next(mount_next(NULL))->sb, &supers[1]);
    assert_null(mount_next(mount_next(mount_next(NULL))));
}

/* -- Names that go away by themselves ---------------------------------------------------------- */

static bool fleeting_valid(struct inode *inode)
{
    return !nodes[inode->ino].gone;
}

static const struct inode_ops fleeting_ops = {.lookup = mem_lookup, .valid = fleeting_valid};

static void invalid_names_are_looked_up_anew(void **state)
{
    struct dentry *first, *second, *third;
    size_t all, unused;
    unsigned old;

    (void)state;
    mem_fs_clear();
    old = add_node(0, "p", S_IFDIR | 0755, "");
    first = dentry_lookup(roots[0], "p", 1);
    first->inode->ops = &fleeting_ops;
    second = dentry_lookup(roots[0], "p", 1);
    assert_ptr_equal(first, second);
    dentry_put(second);
    nodes[old].gone = true;
    nodes[old].name[0] = 'q';
    add_node(0, "p", S_IFDIR | 0755, "");
    third = dentry_lookup(roots[0], "p", 1);
    assert_ptr_not_equal(first, third);
    assert_int_equal(third->inode->ino, old + 1);
    third->inode->ops = &fleeting_ops;
    dentry_put(first);
    dentry_put(third);
    dentry_count(&all, &unused);
    assert_int_equal(unused, 0); /* such names are not kept without users */
    mem_fs_forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forty_links_are_followed_and_not_one_more),
        cmocka_unit_test(loops_empty_and_long_paths_are_named_errors),
        cmocka_unit_test(mount_on_a_taken_place_is_refused),
        cmocka_unit_test(invalid_names_are_looked_up_anew),
    };

    return cmocka_run_group_tests(tests, mem_fs_setup, NULL);
}
