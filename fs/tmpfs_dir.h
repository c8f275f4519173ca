/*
 * A directory of tmpfs: its names, in order of their texts to be found by, and in order of the
 * positions they were given to be listed by. A position is never given twice, so a listing that is
 * read piece by piece shows each name that stays exactly once.
 *
 * The caller holds the lock of the directory's inode.
 */
#pragma once

#include "fs/file.h"
#include "lib/rbtree.h"

struct tmpfs_dir {
    struct rb_root by_name; /* (n) */
    struct rb_root by_pos;  /* (n) */
    uint64_t next_pos;      /* (n) what the next name gets */
};

struct tmpfs_entry {
    struct rb_node name_node, pos_node; /* (n) */
    struct inode *inode;                /* (n) a reference */
    uint64_t pos;                       /* (i) */
    size_t len;                         /* (i) */
    char name[];                        /* (i) len bytes */
};

extern const struct file_ops tmpfs_dir_file_ops;

/* An empty one, or NULL; freed by kmfree(). */
struct tmpfs_dir *tmpfs_dir_alloc(void);

bool tmpfs_dir_empty(const struct tmpfs_dir *dir);

struct tmpfs_entry *tmpfs_dir_find(struct tmpfs_dir *dir, const char *name, size_t len);

/* Adds a name that is not there; inode's reference is taken over on success. 0 or -ENOMEM. */
int tmpfs_dir_add(struct tmpfs_dir *dir, const char *name, size_t len, struct inode *inode);

/* Takes the name away; its reference to the inode becomes the caller's. */
struct inode *tmpfs_dir_remove(struct tmpfs_dir *dir, struct tmpfs_entry *entry);

/* Asserts that both trees are in order and agree. */
void tmpfs_dir_check(const struct tmpfs_dir *dir);
