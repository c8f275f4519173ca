/*
 * Descriptor tables: numbers to open files, shared by CLONE_FILES.
 */
#pragma once

#include "fs/file.h"

struct fdtable;

/* An empty table with one reference, or NULL; a copy of one (fork) with references to the same
 * files, or NULL. */
struct fdtable *fdtable_create(void);
struct fdtable *fdtable_copy(struct fdtable *from);
void fdtable_get(struct fdtable *table);
void fdtable_put(struct fdtable *table); /* the last one closes all; sleeps */

/* execve: closes all close-on-exec descriptors of the caller's own table. Sleeps. */
void fdtable_close_on_exec(struct fdtable *table);

/* Whether there is more than one reference: the table is to be copied before execve. */
bool fdtable_shared(struct fdtable *table);

/* The file of a descriptor with a reference more, or NULL (-EBADF). O_PATH files too. */
struct file *fd_get(struct fdtable *table, int fd);

/*
 * Gives file the lowest free number >= min and below limit (RLIMIT_NOFILE): takes the caller's
 * reference over. The number, -EMFILE, -EINVAL (min < 0 or >= limit) or -ENOMEM (the reference
 * stays the caller's).
 */
int fd_install(struct fdtable *table, struct file *file, int min, uint64_t limit, bool cloexec);

/*
 * dup3: puts file at number fd, closing what was there: fd, -EBADF (beyond limit) or -ENOMEM. The
 * reference is taken over on success only. Sleeps.
 */
int fd_replace(struct fdtable *table, struct file *file, int fd, uint64_t limit, bool cloexec);

/* Closes: 0 or -EBADF. Sleeps. */
int fd_close(struct fdtable *table, int fd);

/* close_range(2): closes, or marks close-on-exec, descriptors first … last. */
void fd_close_range(struct fdtable *table, unsigned first, unsigned last, bool cloexec_only);

/* The close-on-exec mark: 0/1, or -EBADF. */
int fd_get_cloexec(struct fdtable *table, int fd);
int fd_set_cloexec(struct fdtable *table, int fd, bool on);

/* The lowest open descriptor >= from, or -1: for /proc/PID/fd. */
int fd_next(struct fdtable *table, int from);

/* Asserts the table's invariants. */
void fdtable_check(struct fdtable *table);
