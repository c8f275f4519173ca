/*
 * One file of /proc as its tables describe it: a text that a function makes, a link, or a
 * directory. pid is the process whose directory the file is in, 0 outside of those.
 */
#pragma once

#include "fs/dentry.h"
#include "fs/seq.h"

#define PROC_TEXT_MODE  (S_IFREG | 0444)
#define PROC_OWNER_MODE (S_IFREG | 0400)
#define PROC_STORE_MODE (S_IFREG | 0644)
#define PROC_LINK_MODE  (S_IFLNK | 0777)
#define PROC_DIR_MODE   (S_IFDIR | 0555)

#define PROC_STORE_MAX 64 /* bytes of a write that store() sees, with its NUL */

struct proc_entry {
    const char *dir; /* the directory it is in, from /proc on: "", "sys/vm"; NULL: each process's */
    const char *name;
    mode_t mode;
    const char *path; /* directories outside of processes: what their entries have as dir */
    const char *text; /* Texts that never change; show is NULL */
    /* Texts: prints all of it; 0 or -errno (seq->error is looked at as well). May sleep. */
    int (*show)(struct seq *seq, pid_t pid);
    /* Texts that can be written: takes one, without its newline; 0 or -errno. NULL: -EINVAL. */
    int (*store)(const char *text);
    /* Links: as inode_ops has them. */
    ssize_t (*readlink)(pid_t pid, char *buf, size_t size);
    struct dentry *(*follow)(pid_t pid);
};
