/*
 * The files of a process's own directory, /proc/PID. Its fd/ directory is made by procfs.c with
 * the functions below.
 */
#pragma once

#include "fs/proc_entry.h"

struct file;

extern const struct proc_entry proc_process_entries[];
extern const size_t proc_process_entry_count;

/* The name of the directory of descriptors among them. */
#define PROC_FD_DIR "fd"

/* The open file of a process's descriptor with a reference more, or ERR_PTR(-ENOENT, -EACCES). */
struct file *proc_fd_get(pid_t pid, int fd);

/* The lowest open descriptor >= from, or -1 (also: no such process, or not ours to look at). */
int proc_fd_next(pid_t pid, int from);

/* What /proc/PID/fd/N says: a path, or "pipe:[ino]". As inode_ops.readlink. */
ssize_t proc_fd_readlink(pid_t pid, int fd, char *buf, size_t size);

/* The object itself: a dentry with a reference, or ERR_PTR. */
struct dentry *proc_fd_follow(pid_t pid, int fd);
