/*
 * System calls on open files: moving bytes and positions.
 */
#include "fs/fdtable.h"
#include "fs/file.h"
#include "lib/err.h"
#include "mm/alloc/kmalloc.h"
#include "process/rlimit.h"
#include "sched/task.h"
#include "syscall/abi.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_file.h"

#define SENDFILE_CHUNK (16 * KIB)

/* Linux, include/uapi/asm-generic/ioctls.h */
#define FIONCLEX 0x5450
#define FIOCLEX  0x5451

typedef ssize_t transfer_fn(struct file *file, struct uio *uio, uint64_t *pos);

/* Moves what the vector names; pos NULL: at the file's own position. */
static int64_t transfer(int fd, const struct user_vector *vector, uint64_t *pos, transfer_fn *fn)
{
    struct file *file = user_file_get(fd);
    struct uio uio;
    ssize_t n;

    if (IS_ERR(file))
        return PTR_ERR(file);
    uio_init_user(&uio, vector->iov, vector->count, vector->total);
    n = fn(file, &uio, pos);
    file_put(file);
    return n;
}

static int64_t transfer_buffer(int fd, vaddr_t buf, size_t count, uint64_t *pos, transfer_fn *fn)
{
    struct user_vector vector = {.iov = vector.few, .count = 1};

    if ((int64_t)count < 0)
        return -EINVAL;
    vector.total = MIN(count, RW_COUNT_MAX);
    vector.few[0] = (struct iovec){buf, vector.total};
    if (!user_range_ok(buf, vector.total))
        return -EFAULT;
    return transfer(fd, &vector, pos, fn);
}

static int64_t transfer_vector(int fd, vaddr_t iov, int count, uint64_t *pos, transfer_fn *fn)
{
    struct user_vector vector;
    int64_t n = user_vector_get(&vector, iov, count);

    if (n == 0)
        n = transfer(fd, &vector, pos, fn);
    user_vector_put(&vector);
    return n;
}

int64_t sys_read(int fd, vaddr_t buf, size_t count)
{
    return transfer_buffer(fd, buf, count, NULL, file_read);
}

int64_t sys_write(int fd, vaddr_t buf, size_t count)
{
    return transfer_buffer(fd, buf, count, NULL, file_write);
}

int64_t sys_readv(int fd, vaddr_t iov, int count)
{
    return transfer_vector(fd, iov, count, NULL, file_read);
}

int64_t sys_writev(int fd, vaddr_t iov, int count)
{
    return transfer_vector(fd, iov, count, NULL, file_write);
}

int64_t sys_pread64(int fd, vaddr_t buf, size_t count, int64_t offset)
{
    uint64_t pos = (uint64_t)offset;

    return offset < 0 ? -EINVAL : transfer_buffer(fd, buf, count, &pos, file_read);
}

int64_t sys_pwrite64(int fd, vaddr_t buf, size_t count, int64_t offset)
{
    uint64_t pos = (uint64_t)offset;

    return offset < 0 ? -EINVAL : transfer_buffer(fd, buf, count, &pos, file_write);
}

int64_t sys_preadv(int fd, vaddr_t iov, int count, int64_t offset)
{
    uint64_t pos = (uint64_t)offset;

    return offset < 0 ? -EINVAL : transfer_vector(fd, iov, count, &pos, file_read);
}

int64_t sys_pwritev(int fd, vaddr_t iov, int count, int64_t offset)
{
    uint64_t pos = (uint64_t)offset;

    return offset < 0 ? -EINVAL : transfer_vector(fd, iov, count, &pos, file_write);
}

int64_t sys_lseek(int fd, int64_t offset, int whence)
{
    struct file *file = user_file_get(fd);
    int64_t pos;

    if (IS_ERR(file))
        return PTR_ERR(file);
    pos = file_seek(file, offset, whence);
    file_put(file);
    return pos;
}

int64_t sys_getdents64(int fd, vaddr_t buf, size_t size)
{
    struct file *file = user_file_get(fd);
    int64_t n;

    if (IS_ERR(file))
        return PTR_ERR(file);
    n = file_getdents(file, buf, (uint32_t)size);
    file_put(file);
    return n;
}

int64_t sys_ioctl(int fd, unsigned cmd, uint64_t arg)
{
    struct file *file = user_file_get(fd);
    int64_t result;

    if (IS_ERR(file))
        return PTR_ERR(file);
    if (cmd == FIOCLEX || cmd == FIONCLEX)
        result = fd_set_cloexec(current_task()->files, fd, cmd == FIOCLEX);
    else
        result = file_ioctl(file, cmd, arg);
    file_put(file);
    return result;
}

/* One piece of a sendfile: bytes written, or -errno. *in_pos moves on by them (NULL: the file's own
 * position, which is set back by what was read but not written). */
static ssize_t send_piece(struct file *in, struct file *out, uint64_t *in_pos, char *buf, size_t n)
{
    struct iovec iov;
    struct uio uio;
    ssize_t got, put;

    uio_init_kernel(&uio, &iov, buf, n);
    got = file_read(in, &uio, in_pos);
    if (got <= 0)
        return got;
    uio_init_kernel(&uio, &iov, buf, (size_t)got);
    put = file_write(out, &uio, NULL);
    if (put < got) {
        int64_t back = got - MAX(put, (ssize_t)0);

        if (in_pos)
            *in_pos -= (uint64_t)back;
        else
            (void)file_seek(in, -back, SEEK_CUR);
    }
    return put;
}

static int64_t send_all(struct file *in, struct file *out, uint64_t *in_pos, size_t count)
{
    char *buf = kmalloc(SENDFILE_CHUNK, 0);
    size_t done = 0;
    ssize_t n = 0;

    if (!buf)
        return -ENOMEM;
    while (done < count) {
        size_t want = MIN(count - done, SENDFILE_CHUNK);

        n = send_piece(in, out, in_pos, buf, want);
        if (n > 0)
            done += (size_t)n;
        if (n < (ssize_t)want)
            break;
    }
    kmfree(buf);
    return done > 0 ? (int64_t)done : n;
}

static int64_t send_at(struct file *in, struct file *out, vaddr_t offset, size_t count)
{
    uint64_t pos;
    int64_t n;

    if (in->ops->no_seek)
        return -EINVAL;
    if (!offset)
        return send_all(in, out, NULL, count);
    if (user_get(&pos, offset, sizeof(pos)))
        return -EFAULT;
    if ((int64_t)pos < 0)
        return -EINVAL;
    n = send_all(in, out, &pos, count);
    return user_put(offset, &pos, sizeof(pos)) ? -EFAULT : n;
}

int64_t sys_sendfile(int out_fd, int in_fd, vaddr_t offset, size_t count)
{
    struct file *in = user_file_get(in_fd), *out = user_file_get(out_fd);
    int64_t n = -EBADF;

    if (!IS_ERR(in) && !IS_ERR(out) && in->source.may_read && out->source.may_write)
        n = (int64_t)count < 0 ? -EINVAL : send_at(in, out, offset, MIN(count, RW_COUNT_MAX));
    if (!IS_ERR(in))
        file_put(in);
    if (!IS_ERR(out))
        file_put(out);
    return n;
}

/* Nothing here writes to a disk, so all that is written is on it. */
int64_t sys_fsync(int fd)
{
    struct file *file = user_file_get(fd);
    bool no_seek;

    if (IS_ERR(file))
        return PTR_ERR(file);
    no_seek = file->ops->no_seek;
    file_put(file);
    return no_seek ? -EINVAL : 0;
}

int64_t sys_sync(void)
{
    return 0;
}

/* Advice is checked and not needed: read-ahead learns by itself. posix_fadvise(2). */
int64_t sys_fadvise64(int fd, int64_t offset, size_t len, int advice)
{
    const int advice_max = 5; /* POSIX_FADV_NOREUSE */
    struct file *file = user_file_get(fd);
    bool no_seek;

    (void)offset;
    if (IS_ERR(file))
        return PTR_ERR(file);
    no_seek = file->ops->no_seek;
    file_put(file);
    if (no_seek)
        return -ESPIPE;
    return (int64_t)len < 0 || advice < 0 || advice > advice_max ? -EINVAL : 0;
}
