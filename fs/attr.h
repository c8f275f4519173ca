/*
 * Changing a file's attributes: mode, owner, size, times. Here is who may do what; the file
 * system's inode_ops.setattr does it.
 */
#pragma once

#include "fs/inode.h"

/* The present, as file times have it. */
struct timespec64 attr_now(void);

/*
 * Makes the changes that attr names: 0, -EROFS, -EPERM (not the owner's, or the file system cannot)
 * or what the file system says. Times may be set to the present by whoever may write (`touch`):
 * -EACCES. Sleeps.
 */
int attr_change(struct inode *inode, struct iattr *attr, bool touch);

/*
 * Cuts or lengthens a regular file, which the caller may write: 0, -EROFS, -EISDIR, -EINVAL (not a
 * regular file), -EPERM, -EFBIG, -ENOMEM. Sleeps.
 */
int attr_truncate(struct inode *inode, uint64_t size);

/* For inode_ops.setattr: takes over all but the size; the change time becomes the present. */
void attr_copy(struct inode *inode, const struct iattr *attr);
