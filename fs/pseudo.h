/*
 * What the file systems without a disk (proc, devtmpfs) share: directory entries for "." and "..",
 * and times for inodes that nobody ever changed.
 */
#pragma once

#include "fs/file.h"

#define PSEUDO_DOTS 2 /* positions 0 and 1 of a directory; its own entries come after */

/* d_type of a mode: its type bits (Linux, include/linux/fs_types.h). */
static inline unsigned mode_to_d_type(mode_t mode)
{
    return (mode & S_IFMT) >> 12;
}

/* Emits "." and ".." if *pos is still among them; false: there was no room. */
bool pseudo_emit_dots(struct dir_emit *emit, uint64_t self, uint64_t parent, uint64_t *pos);

/* All times of the inode become the present. */
void pseudo_set_times(struct inode *inode);
