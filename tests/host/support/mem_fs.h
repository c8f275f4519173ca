/*
 * A file system in memory for tests of names: a table of nodes that a test fills in as it likes.
 * Node 0 is the root; node 1 the root of another such file system, mounted on node 2, "/a". Inode
 * numbers are indices of the table.
 */
#pragma once

#include <string.h>

#include "fs/mount.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "tests/host/support/alloc_host.h"
#include "tests/host/support/sched_host.h"

#define NODES 120
#define TEXT  64
#define PAGES 64

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
static inline struct node *node_find(const struct node *dir, const char *name, size_t len)
{
    for (unsigned i = 0; i < node_count; i++)
        if (nodes[i].parent == dir && &nodes[i] != dir && strlen(nodes[i].name) == len &&
            memcmp(nodes[i].name, name, len) == 0)
            return &nodes[i];
    return NULL;
}

static inline int mem_lookup(struct inode *dir, const char *name, size_t len, struct inode **result)
{
    struct node *node = node_find(&nodes[dir->ino], name, len);

    assert(mutex_held(&dir->lock));
    if (!node)
        return -ENOENT;
    *result = inode_get(dir->sb, (uint64_t)(node - nodes));
    return IS_ERR(*result) ? (int)PTR_ERR(*result) : 0;
}

static inline ssize_t mem_readlink(struct inode *inode, char *buf, size_t size)
{
    size_t len = strlen(nodes[inode->ino].target);

    memcpy(buf, nodes[inode->ino].target, MIN(len, size));
    return (ssize_t)len;
}

static const struct inode_ops mem_ops = {.lookup = mem_lookup, .readlink = mem_readlink};

static inline int mem_read_inode(struct inode *inode)
{
    inode->mode = nodes[inode->ino].mode;
    inode->ops = &mem_ops;
    return 0;
}

static const struct super_ops mem_super_ops = {.read_inode = mem_read_inode};

static inline struct node *dentry_node(const struct dentry *dentry)
{
    return &nodes[dentry->inode->ino];
}

/* Only the nodes that are always there. */
static inline void mem_fs_clear(void)
{
    memset(nodes, 0, sizeof(nodes));
    nodes[0] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[0]};
    nodes[1] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[1]};
    nodes[2] = (struct node){.mode = S_IFDIR | 0755, .parent = &nodes[0], .name = "a"};
    node_count = 3;
}

/* Drops all names that nobody uses, and sees that nothing else is left. */
static inline void mem_fs_forget(void)
{
    size_t all, unused;

    dentry_shrink(SIZE_MAX);
    inode_shrink(SIZE_MAX);
    dentry_check();
    inode_check();
    dentry_count(&all, &unused);
    assert(all == 3); /* two roots and the covered directory */
    inode_count(&all, &unused);
    assert(all == 3);
}

/* Allocators, tables, both file systems mounted. Once a test program, as its set-up. */
static inline int mem_fs_setup(void **state)
{
    struct dentry *at;
    int error;

    (void)state;
    alloc_host_init(PAGES);
    host_sched_init();
    page_cache_init_all();
    inode_init();
    dentry_init();
    mem_fs_clear();
    for (int i = 0; i < 2; i++) {
        supers[i] = (struct super_block){.ops = &mem_super_ops, .fs_name = "mem"};
        supers[i].root = inode_get(&supers[i], (uint64_t)i);
    }
    assert(!mount_root());
    error = mount_attach(&supers[0], NULL);
    assert(!error);
    roots[0] = mount_root();
    at = dentry_lookup(roots[0], "a", 1);
    error = mount_attach(&supers[1], at);
    assert(!error);
    dentry_get(at);
    roots[1] = mount_enter(at);
    assert(roots[1]->inode->ino == 1);
    dentry_put(roots[1]);
    dentry_put(at);
    return 0;
}
