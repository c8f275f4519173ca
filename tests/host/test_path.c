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

#include "fs/path.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "tests/host/support/mem_fs.h"

#define TREES   40
#define WALKS   2500 /* in each tree: 100,000 in all */
#define NAMES   6    /* "a" to "f" */
#define USER_ID 1000

static uid_t *const uid = &host_process.cred.fsuid;

static unsigned any(unsigned n)
{
    return (unsigned)rand() % n;
}

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
    mem_fs_clear();
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
        mem_fs_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk_agrees_with_naive_resolver),
    };

    return cmocka_run_group_tests(tests, mem_fs_setup, NULL);
}
