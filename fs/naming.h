/*
 * Making, removing and changing names. Here is who may do what, in Linux's order of checks; the
 * file system's inode_ops do it. What is said of "." and ".." is the caller's business.
 *
 * Every function: 0 or -errno with nothing changed: -EROFS, -EPERM (the file system cannot, or a
 * sticky directory), -EACCES, -ENOENT, -ENOTDIR, -ENAMETOOLONG, -ENOSPC, -ENOMEM, and what each
 * says. All sleep.
 */
#pragma once

#include "fs/dentry.h"

/* Linux, include/uapi/linux/fs.h. */
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE  2
#define RENAME_WHITEOUT  4

#define LINKS_MAX 65000 /* of one file, as Linux's file systems have it (EXT4_LINK_MAX) */

/* A name in a directory, whether it is there or not. */
struct naming {
    struct dentry *dir; /* the caller has a reference */
    const char *name;
    size_t len;
    bool slash; /* a slash followed it: it has to be a directory */
};

/* Makes a file; *made gets its dentry with a reference, unless made is NULL. -EEXIST. */
int naming_create(const struct naming *at, const struct inode_spec *spec, struct dentry **made);

/* One name more for a file. -EEXIST, -EXDEV, -EPERM (a directory), -EMLINK. */
int naming_link(struct inode *inode, const struct naming *at);

/* Removes a name: of an empty directory, or of anything else. -EISDIR, -ENOTEMPTY, -EBUSY. */
int naming_remove(const struct naming *at, bool directory);

/*
 * rename(2); flags: RENAME_*. -EEXIST, -EINVAL (into itself), -EISDIR, -ENOTEMPTY, -EBUSY, -EXDEV.
 */
int naming_rename(const struct naming *from, const struct naming *to, unsigned flags);

/* Once, at boot. */
void naming_init(void);
