/*
 * The path walk against a naive resolver: recursive, on strings, knowing nothing of caches. Both
 * answer random paths (with "." and "..", symbolic links that loop, dangle and leave through the
 * root, trailing slashes, mounts, chroots, directories that may not be searched) in random trees of
 * an in-memory file system; names are dropped from the cache and allocations fail on the way.
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

#include "fs/mount.h"
#include "fs/path.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "tests/host/support/alloc_host.h"
#include "tests/host/support/sched_host.h"

#define NODES   120
#define TREES   40
#define WALKS   2500 /* in each tree: 100,000 in all */
#define PAGES   64
#define TEXT    64
#define NAMES   6 /* "a" to "f" */
#define USER_ID 1000

/* The file system, and what the naive resolver sees. Node 0: the root; node 1: the root of another
 * file system, mounted on node 2. */
struct node {
    mode_t mode;
    char name[16];
    struct node *parent;
    char target[TEXT];
    bool gone; /* not valid any more */
};

static struct node nodes[NODES];
static unsigned node_count;
static struct super_block supers[2];
static struct dentry *roots[2];
static uid_t *const uid = &host_process.cred.fsuid;

static unsigned any(unsigned n)
{
    return (unsigned)rand() % n;
}

/* -- The file system --------------------------------------------------------------------------- */

static struct node *node_find(const struct node *dir, const char *name, size_t len)
{
    for (unsigned i = 0; i < node_count; i++)
        if (nodes[i].parent == dir && &nodes[i] != dir && strlen(nodes[i].name) == len &&
            memcmp(nodes[i].name, name, len) == 0)
            return &nodes[i];
    return NULL;
}

static int mem_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    struct node *node = node_find(&nodes[dir->ino], name, len);

    assert_true(mutex_held(&dir->lock));
    if (!node)
        return -ENOENT;
    *result = inode_get(dir->sb, (uint64_t)(node - nodes));
    return IS_ERR(*result) ? (int)PTR_ERR(*result) : 0;
}

static ssize_t mem_readlink(struct inode *inode, char *buf, size_t size)
{
    size_t len = strlen(nodes[inode->ino].target);

    memcpy(buf, nodes[inode->ino].target, MIN(len, size));
    return (ssize_t)len;
}

static const struct inode_ops mem_ops = {.lookup = mem_lookup, .readlink = mem_readlink};

static int mem_read_inode(struct inode *inode)
{
    inode->mode = nodes[inode->ino].mode;
    inode->ops = &mem_ops;
    return 0;
}

static const struct super_ops mem_super_ops = {.read_inode = mem_read_inode};

/* -- The naive resolver ------------------------------------------------------------------------ */

static struct node *node_cover(struct node *node)
{
    return node == &nodes[2] ? &nodes[1] : node;
}

static struct node *node_up(struct node *at, const struct node *root)
{
    if (at == root)
        return at;
    if (at == &nodes[1]) {
        at = &nodes[2];
        if (at == root)
            return node_cover(at);
    }
    return node_cover(at->parent);
}

static int naive(struct node *root, struct node *at, const char *path, bool follow, int *links,
                 struct node **result);

/* One component; more: something follows it, if only a slash. */
static int naive_step(struct node *root, struct node **at, const char *name, bool more, bool follow,
                      int *links)
{
    struct node *next;

    if (!S_ISDIR((*at)->mode))
        return -ENOTDIR;
    if (*uid && !((*at)->mode & 0001))
        return -EACCES;
    if (strcmp(name, ".") == 0)
        return 0;
    if (strcmp(name, "..") == 0) {
        *at = node_up(*at, root);
        return 0;
    }
    if (strlen(name) > NAME_MAX)
        return -ENAMETOOLONG;
    next = node_find(*at, name, strlen(name));
    if (!next)
        return -ENOENT;
    if (S_ISLNK(next->mode) && (more || follow)) {
        if ((*links)++ >= SYMLINKS_MAX)
            return -ELOOP;
        return naive(root, *at, next->target, true, links, at);
    }
    *at = node_cover(next);
    return 0;
}

static int naive(struct node *root, struct node *at, const char *path, bool follow, int *links,
                 struct node **result)
{
    bool slash = false;

    if (*path == '\0')
        return -ENOENT;
    if (*path == '/')
        at = node_cover(root);
    for (path += strspn(path, "/"); *path; path += strspn(path, "/")) {
        size_t len = strcspn(path, "/");
        char name[PATH_MAX];
        int error;

        memcpy(name, path, len);
        name[len] = '\0';
        path += len;
        slash = *path == '/';
        error = naive_step(root, &at, name, slash, follow, links);
        if (error)
            return error;
    }
    if (slash && !S_ISDIR(at->mode))
        return -ENOTDIR;
    *result = at;
    return 0;
}

/* The text of a node's path; false when it does not lie below root. */
static bool naive_path(const struct node *node, const struct node *root, char *text)
{
    char tail[2 * PATH_MAX];

    for (text[0] = '\0'; node != root;) {
        if (node == &nodes[0])
            return false;
        if (node == &nodes[1]) {
            node = &nodes[2];
            continue;
        }
        snprintf(tail, sizeof(tail), "/%s%s", node->name, text);
        strcpy(text, tail);
        node = node->parent;
    }
    if (text[0] == '\0')
        strcpy(text, "/");
    return true;
}

/* -- Random trees and paths -------------------------------------------------------------------- */

static void random_path(char *text, unsigned parts_max)
{
    unsigned parts = 1 + any(parts_max);
    char *at = text;

    if (any(3) == 0)
        at += sprintf(at, any(4) ? "/" : "//");
    while (parts-- > 0) {
        switch (any(8)) {
        case 0:
            at += sprintf(at, ".");
            break;
        case 1:
        case 2:
            at += sprintf(at, "..");
            break;
        default:
            at += sprintf(at, "%c", 'a' + any(NAMES));
        }
        if (parts > 0 || any(6) == 0)
            at += sprintf(at, any(5) ? "/" : "///");
    }
}

static mode_t random_mode(void)
{
    if (any(3) == 0)
        return S_IFLNK | 0777;
    if (any(4) == 0)
        return S_IFREG | 0644;
    return S_IFDIR | (any(10) ? 0755 : 0644);
}

static void make_tree(void)
{
    memset(nodes, 0, sizeof(nodes));
    nodes[0] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[0]};
    nodes[1] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[1]};
    nodes[2] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[0], .name = "a"};
    node_count = 3;
    for (int tries = 0; tries < 4 * NODES && node_count < NODES; tries++) {
        struct node *dir = &nodes[any(node_count)], *node = &nodes[node_count];

        snprintf(node->name, sizeof(node->name), "%c", 'a' + any(NAMES));
        if (!S_ISDIR(dir->mode) || dir == &nodes[2] || node_find(dir, node->name, 1))
            continue;
        node->mode = random_mode();
        node->parent = dir;
        if (S_ISLNK(node->mode))
            random_path(node->target, 5);
        node_count++;
    }
}

static struct node *dentry_node(const struct dentry *dentry)
{
    return &nodes[dentry->inode->ino];
}

/* A directory somewhere, or the root; with a reference. */
static struct dentry *random_dir(void)
{
    const struct path_context top = {mount_root(), mount_root()};
    char text[4 * TEXT];
    struct dentry *dir;

    random_path(text, 6);
    dir = path_walk(&top, text, PATH_FOLLOW | PATH_DIRECTORY);
    if (!IS_ERR(dir))
        return dir;
    dentry_get(mount_root());
    return mount_root();
}

/* -- Tests ------------------------------------------------------------------------------------- */

static void check_path_text(struct dentry *dentry, struct dentry *root)
{
    char text[PATH_MAX], expect[PATH_MAX];
    ssize_t len = dentry_path(dentry, root, text, sizeof(text));

    if (!naive_path(dentry_node(dentry), dentry_node(root), expect)) {
        assert_int_equal(len, -ENOENT);
        return;
    }
    assert_int_equal(len, strlen(expect));
    assert_string_equal(text, expect);
    assert_int_equal(dentry_path(dentry, root, text, (size_t)len), -ERANGE);
    assert_int_equal(dentry_path(dentry, root, text, (size_t)len + 1), len);
}

static void check_walk(const struct path_context *ctx, const char *text, unsigned flags)
{
    struct node *expect = NULL;
    int links = 0;
    int error = naive(dentry_node(ctx->root), dentry_node(ctx->start), text, flags & PATH_FOLLOW,
                      &links, &expect);
    struct dentry *found = path_walk(ctx, text, flags);

    if (!error && (flags & PATH_DIRECTORY) && !S_ISDIR(expect->mode))
        error = -ENOTDIR;
    if (error) {
        assert_int_equal(PTR_ERR(found), error);
        return;
    }
    assert_false(IS_ERR(found));
    assert_ptr_equal(dentry_node(found), expect);
    check_path_text(found, ctx->root);
    dentry_put(found);
}

static void check_parent(const struct path_context *ctx, const char *text)
{
    char above[4 * TEXT];
    size_t len, prefix;
    const char *name;
    struct dentry *found = path_walk_parent(ctx, text, &name, &len);
    struct node *expect = dentry_node(ctx->start);
    int links = 0, error = 0;

    prefix = strlen(text);
    while (prefix > 0 && text[prefix - 1] == '/')
        prefix--;
    while (prefix > 0 && text[prefix - 1] != '/')
        prefix--;
    memcpy(above, text, prefix);
    above[prefix] = '\0';
    if (prefix > 0)
        error = naive(dentry_node(ctx->root), expect, above, true, &links, &expect);
    if (!error && !S_ISDIR(expect->mode))
        error = -ENOTDIR;
    if (error) {
        assert_int_equal(PTR_ERR(found), error);
        return;
    }
    assert_ptr_equal(dentry_node(found), expect);
    assert_ptr_equal(name, text + prefix);
    assert_int_equal(len, strcspn(text + prefix, "/"));
    dentry_put(found);
}

/* With the nth allocation failing the walk says so or does not care; nothing is left behind. */
static void check_failing(const struct path_context *ctx, const char *text)
{
    struct dentry *found;

    alloc_fail_nth(1 + any(6));
    found = path_walk(ctx, text, PATH_FOLLOW);
    alloc_fail_nth(0);
    if (!IS_ERR(found))
        dentry_put(found);
}

static void forget_names(void)
{
    size_t all, unused;

    dentry_shrink(SIZE_MAX);
    inode_shrink(SIZE_MAX);
    dentry_check();
    inode_check();
    dentry_count(&all, &unused);
    assert_int_equal(all, 3); /* two roots and the covered directory */
    inode_count(&all, &unused);
    assert_int_equal(all, 3);
}

static void walk_agrees_with_naive_resolver(void **state)
{
    (void)state;
    srand(2);
    for (int tree = 0; tree < TREES; tree++) {
        make_tree();
        for (int i = 0; i < WALKS; i++) {
            struct path_context ctx = {.start = random_dir()};
            char text[4 * TEXT];

            ctx.root = any(3) ? mount_root() : random_dir();
            *uid = any(2) ? USER_ID : 0;
            random_path(text, 8);
            check_walk(&ctx, text, any(2 * PATH_DIRECTORY));
            check_parent(&ctx, text);
            if (any(10) == 0)
                check_failing(&ctx, text);
            *uid = 0;
            if (ctx.root != mount_root())
                dentry_put(ctx.root);
            dentry_put(ctx.start);
            if (any(20) == 0)
                dentry_shrink(any(2));
            if (any(20) == 0)
                inode_shrink(any(2));
        }
        forget_names();
    }
}

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

static void tree_of_special_cases(void)
{
    memset(nodes, 0, sizeof(nodes));
    nodes[0] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[0]};
    nodes[1] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[1]};
    nodes[2] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[0], .name = "a"};
    node_count = 3;
}

static void forty_links_are_followed_and_not_one_more(void **state)
{
    char name[16], target[TEXT];
    unsigned file;

    (void)state;
    tree_of_special_cases();
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
    forget_names();
}

static void loops_empty_and_long_paths_are_named_errors(void **state)
{
    static char text[PATH_MAX + 1];

    (void)state;
    tree_of_special_cases();
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
    forget_names();
}

static void mount_on_a_taken_place_is_refused(void **state)
{
    size_t objects = alloc_host_objects();

    (void)state;
    tree_of_special_cases();
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
    tree_of_special_cases();
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
    forget_names();
}

static int setup(void **state)
{
    struct dentry *at;

    (void)state;
    alloc_host_init(PAGES);
    host_sched_init();
    page_cache_init_all();
    inode_init();
    dentry_init();
    tree_of_special_cases();
    for (int i = 0; i < 2; i++) {
        supers[i] = (struct super_block){.ops = &mem_super_ops, .fs_name = "mem"};
        supers[i].root = inode_get(&supers[i], (uint64_t)i);
    }
    assert_null(mount_root());
    assert_int_equal(mount_attach(&supers[0], NULL), 0);
    roots[0] = mount_root();
    at = dentry_lookup(roots[0], "a", 1);
    assert_int_equal(mount_attach(&supers[1], at), 0);
    dentry_get(at);
    roots[1] = mount_enter(at);
    assert_int_equal(roots[1]->inode->ino, 1);
    dentry_put(roots[1]);
    dentry_put(at);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk_agrees_with_naive_resolver),
        cmocka_unit_test(forty_links_are_followed_and_not_one_more),
        cmocka_unit_test(loops_empty_and_long_paths_are_named_errors),
        cmocka_unit_test(mount_on_a_taken_place_is_refused),
        cmocka_unit_test(invalid_names_are_looked_up_anew),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
