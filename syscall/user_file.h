/* Descriptors as programs give them. */
#pragma once

#include "fs/file.h"

/* The open file with a reference, or ERR_PTR(-EBADF): none, or opened with O_PATH only. */
struct file *user_file_get(int fd);

/* The same, O_PATH files too. */
struct file *user_file_get_any(int fd);

/* Gives file (a reference taken over) a descriptor: its number, or -EMFILE, -ENOMEM with the file
 * closed. */
int user_file_install(struct file *file, bool cloexec);

/* A vector of segments as readv(2) takes it, in kernel memory. */
struct user_vector {
    struct iovec *iov;
    unsigned count;
    size_t total;
    struct iovec few[8];
};

/* Copies it in and checks it: 0, -EINVAL, -EFAULT, -ENOMEM. user_vector_put() afterwards. */
int user_vector_get(struct user_vector *vector, vaddr_t iov, int count);
void user_vector_put(struct user_vector *vector);
