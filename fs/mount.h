/*
 * Mounts: which file system covers which directory. The first one is the root of all names; each
 * further one covers a directory of an earlier one, and stays as long as the machine runs.
 */
#pragma once

#include "fs/dentry.h"

/*
 * Mounts sb's root on directory `at` (NULL: as the first root): 0, -EBUSY (there is one), -ENOTDIR,
 * -ENOMEM. The mount keeps sb on success.
 */
int mount_attach(struct super_block *sb, struct dentry *at);

/* The root of the first mount: no reference taken. NULL before there is one. */
struct dentry *mount_root(void);

/*
 * What stands at dentry for a path walk: the root of the file system that covers it, if one does.
 * Takes the caller's reference and gives one back.
 */
struct dentry *mount_enter(struct dentry *dentry);

/* The mount after `mount` in order of mounting (NULL: the first), or NULL: for /proc/mounts. */
struct mount *mount_next(struct mount *mount);
