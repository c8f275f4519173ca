/*
 * A disk for tests of file systems: the bytes of a host file as a block device that completes each
 * request before block_submit() returns; and what a test needs of the host's own file system, here
 * so that no test includes the host's headers beside the kernel's (both define O_CREAT and the
 * like).
 */
#pragma once

#include "drivers/block.h"

struct host_disk {
    struct block_device dev;
    char *bytes; /* a private copy: what a test changes here the host's file does not see */
    size_t size;
    uint64_t requests, sectors_read;
    unsigned fail_in; /* 1: the next request fails with -EIO, 2: the one after it …; 0: none */
};

/* Opens the file as disk "vda"; false when there is none. */
bool host_disk_open(struct host_disk *disk, const char *path);
void host_disk_close(struct host_disk *disk);

/* The image's bytes become what the file holds again. */
void host_disk_reset(struct host_disk *disk, const char *path);

/* A new directory under /tmp in buf (of at least 32 bytes), and the end of it. */
void host_dir_create(char *buf);
void host_dir_remove(const char *path);

/* Runs a shell command made like printf's: its exit status. */
int host_run(const char *fmt, ...) __printf_like(1, 2);

/* pread on a host file; bytes, or -1. */
ssize_t host_pread(const char *path, void *buf, size_t n, uint64_t pos);

/* Makes the file dir/name of `size` bytes that follow from seed. */
void host_file_write(const char *dir, const char *name, size_t size, unsigned seed);

/* A file or directory on the host, as lstat has it. */
struct host_entry {
    const char *path; /* from the root of the walk on: "/a/b"; "" for the root itself */
    uint32_t mode, nlink, uid, gid;
    uint64_t size, mtime;
    char target[4096]; /* of a symbolic link, NUL-terminated */
};

/* Calls visit for everything under root, root included, each directory before what is in it. */
void host_tree_walk(const char *root, void (*visit)(const struct host_entry *entry));
