/*
 * Pipes and FIFOs: pipe(7), fifo(7). 64 KiB, atomic writes up to PIPE_BUF, SIGPIPE and EPIPE
 * without readers.
 */
#pragma once

#include "fs/file.h"

#define PIPE_BUF  4096
#define PIPE_SIZE (64 * KIB)

/* A new pipe's two ends, one reference each; flags: O_NONBLOCK; O_DIRECT and others: -EINVAL. 0 or
 * -errno. */
int pipe_create(struct file **read_end, struct file **write_end, unsigned flags);

/* fcntl's F_GETPIPE_SZ and F_SETPIPE_SZ: the capacity in bytes, which is fixed; -EBADF when file is
 * no pipe, -EPERM for more than it can be, -EINVAL for 0. */
int64_t pipe_get_size(struct file *file);
int64_t pipe_set_size(struct file *file, uint64_t size);

/* For inode->file_ops of FIFOs. */
extern const struct file_ops fifo_ops;

/* Asserts the invariants of the pipe that file is an end of. */
void pipe_check(struct file *file);
