#include "syscall/user_file.h"

#include "fs/fdtable.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"
#include "process/rlimit.h"
#include "syscall/abi.h"
#include "syscall/user_copy.h"

struct file *user_file_get_any(int fd)
{
    struct file *file = fd_get(current_task()->files, fd);

    return file ? file : ERR_PTR(-EBADF);
}

struct file *user_file_get(int fd)
{
    struct file *file = user_file_get_any(fd);

    if (IS_ERR(file) || !(file->flags & O_PATH))
        return file;
    file_put(file);
    return ERR_PTR(-EBADF);
}

int user_file_install(struct file *file, bool cloexec)
{
    int fd = fd_install(current_task()->files, file, 0, rlimit_current(RLIMIT_NOFILE), cloexec);

    if (fd == -EINVAL) /* a limit of 0 */
        fd = -EMFILE;
    if (fd < 0)
        file_put(file);
    return fd;
}

/* Checks the segments and adds them up; the sum is cut at RW_COUNT_MAX. */
static int check_segments(struct user_vector *vector)
{
    for (unsigned i = 0; i < vector->count; i++) {
        struct iovec *iov = &vector->iov[i];

        if ((int64_t)iov->len < 0)
            return -EINVAL;
        iov->len = MIN(iov->len, RW_COUNT_MAX - vector->total);
        if (!user_range_ok(iov->base, iov->len))
            return -EFAULT;
        vector->total += iov->len;
    }
    return 0;
}

int user_vector_get(struct user_vector *vector, vaddr_t iov, int count)
{
    size_t size = (size_t)count * sizeof(struct iovec);
    int error;

    vector->iov = vector->few;
    vector->count = (unsigned)count;
    vector->total = 0;
    if (count < 0 || count > UIO_MAXIOV)
        return -EINVAL;
    if (size > sizeof(vector->few))
        vector->iov = kmalloc(size, 0);
    if (!vector->iov)
        return -ENOMEM;
    error = user_get(vector->iov, iov, size);
    return error ? error : check_segments(vector);
}

void user_vector_put(struct user_vector *vector)
{
    if (vector->iov != vector->few)
        kmfree(vector->iov);
}
