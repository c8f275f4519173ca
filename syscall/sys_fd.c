/*
 * System calls on descriptors: opening, closing, duplicating, their marks.
 */
#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "fs/open.h"
#include "fs/pipe.h"
#include "lib/err.h"
#include "mm/alloc/kmalloc.h"
#include "process/rlimit.h"
#include "sched/task.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_file.h"
#include "syscall/user_path.h"

/* Linux, include/uapi/asm-generic/fcntl.h and linux/fcntl.h. */
#define F_DUPFD         0
#define F_GETFD         1
#define F_SETFD         2
#define F_GETFL         3
#define F_SETFL         4
#define F_DUPFD_CLOEXEC 1030
#define F_SETPIPE_SZ    1031
#define F_GETPIPE_SZ    1032
#define FD_CLOEXEC      1
#define SETFL_MASK      (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

/* Linux, include/uapi/linux/close_range.h. */
#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4

#define MODE_BITS     07777
#define O_TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)

static struct fdtable *files(void)
{
    return current_task()->files;
}

static int check_open_flags(unsigned flags)
{
    if (flags & O_CREAT && flags & O_DIRECTORY)
        return -EINVAL;
    if (flags & O_TMPFILE_BIT)
        return (flags & O_ACCMODE) == O_RDONLY || !(flags & O_DIRECTORY) ? -EINVAL : -EOPNOTSUPP;
    return 0;
}

/* The file that name leads to, opened; or ERR_PTR. */
static struct file *open_name(int dirfd, const char *name, unsigned flags, mode_t mode)
{
    struct path_context ctx;
    struct file *file;
    int error = name[0] ? user_path_start(dirfd, name, &ctx) : -ENOENT;

    if (error)
        return ERR_PTR(error);
    file = open_path(&ctx, name, flags, mode & ~fs_context_umask(current_task()->fs) & MODE_BITS);
    path_context_put(&ctx);
    return file;
}

int64_t sys_openat(int dirfd, vaddr_t path, unsigned flags, mode_t mode)
{
    int error;
    struct file *file;
    char *name;

    if (flags & O_PATH)
        flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    else
        flags |= O_LARGEFILE; /* as on every 64-bit Linux: F_GETFL shows it */
    error = check_open_flags(flags);
    if (error)
        return error;
    name = user_path_copy(path);
    if (IS_ERR(name))
        return PTR_ERR(name);
    file = open_name(dirfd, name, flags, mode);
    kmfree(name);
    if (IS_ERR(file))
        return PTR_ERR(file);
    return user_file_install(file, flags & O_CLOEXEC);
}

int64_t sys_close(int fd)
{
    return fd_close(files(), fd);
}

/* Gives the task a descriptor table of its own. */
static int unshare_files(void)
{
    struct task *task = current_task();
    struct fdtable *own, *shared = task->files;
    uint64_t flags;

    if (!fdtable_shared(shared))
        return 0;
    own = fdtable_copy(shared);
    if (!own)
        return -ENOMEM;
    flags = spin_lock_irqsave(&process_lock);
    task->files = own;
    spin_unlock_irqrestore(&process_lock, flags);
    fdtable_put(shared);
    return 0;
}

int64_t sys_close_range(unsigned first, unsigned last, unsigned flags)
{
    int error = 0;

    if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) || first > last)
        return -EINVAL;
    if (flags & CLOSE_RANGE_UNSHARE)
        error = unshare_files();
    if (!error)
        fd_close_range(files(), first, last, flags & CLOSE_RANGE_CLOEXEC);
    return error;
}

static int64_t duplicate(int fd, int min, bool cloexec)
{
    struct file *file = user_file_get_any(fd);
    int new;

    if (IS_ERR(file))
        return PTR_ERR(file);
    new = fd_install(files(), file, min, rlimit_current(RLIMIT_NOFILE), cloexec);
    if (new < 0)
        file_put(file);
    return new;
}

int64_t sys_dup(int fd)
{
    return duplicate(fd, 0, false);
}

int64_t sys_dup3(int fd, int new, unsigned flags)
{
    struct file *file;
    int result;

    if (flags & ~O_CLOEXEC || fd == new)
        return -EINVAL;
    if (new < 0 || (uint64_t) new >= rlimit_current(RLIMIT_NOFILE))
        return -EBADF;
    file = user_file_get_any(fd);
    if (IS_ERR(file))
        return PTR_ERR(file);
    result = fd_replace(files(), file, new, rlimit_current(RLIMIT_NOFILE), flags & O_CLOEXEC);
    if (result < 0)
        file_put(file);
    return result;
}

int64_t sys_pipe2(vaddr_t fds, unsigned flags)
{
    struct file *read_end, *write_end;
    int fd[2], error;

    if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
        return -EINVAL;
    error = pipe_create(&read_end, &write_end, flags & ~O_CLOEXEC);
    if (error)
        return error;
    fd[0] = user_file_install(read_end, flags & O_CLOEXEC);
    if (fd[0] < 0) {
        file_put(write_end);
        return fd[0];
    }
    fd[1] = user_file_install(write_end, flags & O_CLOEXEC);
    error = fd[1] < 0 ? fd[1] : user_put(fds, fd, sizeof(fd));
    if (!error)
        return 0;
    fd_close(files(), fd[0]);
    if (fd[1] >= 0)
        fd_close(files(), fd[1]);
    return error;
}

/* The commands that want an open file, not just a name. */
static int64_t fcntl_file(struct file *file, unsigned cmd, uint64_t arg)
{
    switch (cmd) {
    case F_SETFL:
        file->flags = (file->flags & ~SETFL_MASK) | (arg & SETFL_MASK);
        return 0;
    case F_GETPIPE_SZ:
        return pipe_get_size(file);
    case F_SETPIPE_SZ:
        return pipe_set_size(file, (uint32_t)arg);
    default:
        return -EINVAL;
    }
}

int64_t sys_fcntl(int fd, unsigned cmd, uint64_t arg)
{
    struct file *file = user_file_get_any(fd);
    int64_t result;

    if (IS_ERR(file))
        return PTR_ERR(file);
    switch (cmd) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        result = duplicate(fd, (int)arg, cmd == F_DUPFD_CLOEXEC);
        break;
    case F_GETFD:
        result = fd_get_cloexec(files(), fd);
        break;
    case F_SETFD:
        result = fd_set_cloexec(files(), fd, arg & FD_CLOEXEC);
        break;
    case F_GETFL:
        result = file->flags;
        break;
    default:
        result = file->flags & O_PATH ? -EBADF : fcntl_file(file, cmd, arg);
    }
    file_put(file);
    return result;
}
