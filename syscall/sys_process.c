/*
 * System calls that make, change, end and wait for processes and threads.
 */
#include "lib/err.h"
#include "mm/alloc/kmalloc.h"
#include "process/exec.h"
#include "process/exit.h"
#include "process/fork.h"
#include "process/notify.h"
#include "process/wait.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_path.h"
#include "syscall/user_rusage.h"

#define WAIT4_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)
#define WAITID_OPTIONS                                                                             \
    (WNOHANG | WNOWAIT | WEXITED | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)

/* siginfo_t as waitid(2) fills it: only these members are written (Linux, kernel/exit.c). */
struct user_wait_info {
    int32_t signo, error, code, pad;
    int32_t pid;
    uint32_t uid;
    int32_t status;
};

/* clone3's structure (Linux, include/uapi/linux/sched.h, struct clone_args), as far as it was in
 * the first version, and what later ones added. */
struct user_clone {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size, cgroup; /* not offered: zero */
};

#define CLONE3_SIZE_FIRST offsetof(struct user_clone, set_tid)

int64_t sys_clone(uint64_t flags, vaddr_t stack, vaddr_t parent_tid, uint64_t tls,
                  vaddr_t child_tid)
{
    const struct clone_args args = {
        .flags = (uint32_t)flags,
        .stack = stack,
        .parent_tid = parent_tid,
        .child_tid = child_tid,
        .tls = tls,
    };

    return process_fork(&args);
}

/* 0 when the structure asks for nothing that is unknown or contradicts itself. */
static int clone3_check(const struct user_clone *user)
{
    if (user->flags & (CSIGNAL | CLONE_DETACHED) || user->exit_signal & ~CSIGNAL)
        return -EINVAL;
    if (user->set_tid || user->set_tid_size || user->cgroup)
        return -EINVAL;
    if (user->flags & (CLONE_THREAD | CLONE_PARENT) && user->exit_signal)
        return -EINVAL;
    return !user->stack != !user->stack_size ? -EINVAL : 0;
}

int64_t sys_clone3(vaddr_t addr, size_t size)
{
    struct user_clone user = {0};
    struct clone_args args;
    int error;

    if (size > sizeof(user))
        return -E2BIG;
    if (size < CLONE3_SIZE_FIRST)
        return -EINVAL;
    error = user_get(&user, addr, size);
    if (!error)
        error = clone3_check(&user);
    if (error)
        return error;
    args = (struct clone_args){
        .flags = user.flags | user.exit_signal,
        .stack = user.stack + user.stack_size,
        .parent_tid = user.parent_tid,
        .child_tid = user.child_tid,
        .tls = user.tls,
    };
    return process_fork(&args);
}

static int64_t exec_name(int dirfd, const char *name, unsigned walk, vaddr_t argv, vaddr_t envp)
{
    struct exec_request request = {
        .path = name,
        .program = user_path_walk_kernel(dirfd, name, walk),
        .argv = {.array = argv},
        .envp = {.array = envp},
    };
    int64_t error;

    if (IS_ERR(request.program))
        return PTR_ERR(request.program);
    if (S_ISLNK(request.program->inode->mode))
        error = -ELOOP;
    else
        error = process_exec(&request);
    dentry_put(request.program);
    return error;
}

int64_t sys_execve(vaddr_t path, vaddr_t argv, vaddr_t envp)
{
    return sys_execveat(AT_FDCWD, path, argv, envp, 0);
}

int64_t sys_execveat(int dirfd, vaddr_t path, vaddr_t argv, vaddr_t envp, unsigned flags)
{
    unsigned walk = flags & AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    int64_t error;
    char *name;

    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (flags & AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    name = user_path_copy(path);
    if (IS_ERR(name))
        return PTR_ERR(name);
    error = exec_name(dirfd, name, walk, argv, envp);
    kmfree(name);
    return error;
}

int64_t sys_exit(int code)
{
    task_exit(WAIT_STATUS_EXIT(code));
}

int64_t sys_exit_group(int code)
{
    process_exit_group(WAIT_STATUS_EXIT(code));
}

/* What wait4's pid means; it is not INT32_MIN. */
static struct wait_request wait4_request(pid_t pid, unsigned options)
{
    struct wait_request request = {.type = P_ALL, .options = options | WEXITED};

    if (pid > 0) {
        request.type = P_PID;
        request.id = pid;
    } else if (pid != -1) {
        request.type = P_PGID;
        request.id = pid == 0 ? current_task()->process->pgid : -pid;
    }
    return request;
}

static int put_rusage(vaddr_t addr, const struct usage *usage)
{
    struct user_rusage rusage;

    user_rusage_fill(&rusage, usage);
    return user_put(addr, &rusage, sizeof(rusage));
}

int64_t sys_wait4(pid_t pid, vaddr_t status, unsigned options, vaddr_t rusage)
{
    struct wait_request request;
    struct wait_result result;
    int error;

    if (options & ~WAIT4_OPTIONS)
        return -EINVAL;
    if (pid == INT32_MIN)
        return -ESRCH;
    request = wait4_request(pid, options);
    error = process_wait(&request, &result);
    if (error)
        return error;
    if (result.pid && status && user_put(status, &result.status, sizeof(result.status)))
        return -EFAULT;
    if (result.pid && rusage && put_rusage(rusage, &result.usage))
        return -EFAULT;
    return result.pid;
}

static struct user_wait_info wait_info(const struct wait_result *result)
{
    struct user_wait_info info = {0};

    if (!result->pid)
        return info;
    info = (struct user_wait_info){
        .signo = SIGCHLD, .code = result->code, .pid = result->pid, .uid = result->uid};
    switch (result->code) {
    case CLD_EXITED:
    case CLD_STOPPED: /* the signal stands where an exit code does */
        info.status = WAIT_STATUS_EXITCODE(result->status);
        break;
    case CLD_CONTINUED:
        info.status = SIGCONT;
        break;
    default:
        info.status = WAIT_STATUS_TERMSIG(result->status);
    }
    return info;
}

/* 0, or -EINVAL; process group 0 is the caller's own (Linux since 5.4). */
static int waitid_request(struct wait_request *request, int type, pid_t id, unsigned options)
{
    *request = (struct wait_request){.type = (enum wait_id)type, .id = id, .options = options};
    if (options & ~WAITID_OPTIONS || !(options & (WEXITED | WUNTRACED | WCONTINUED)))
        return -EINVAL;
    switch (type) {
    case P_ALL:
        return 0;
    case P_PID:
        return id > 0 ? 0 : -EINVAL;
    case P_PGID:
        if (id == 0)
            request->id = current_task()->process->pgid;
        return id >= 0 ? 0 : -EINVAL;
    default:
        return -EINVAL;
    }
}

int64_t sys_waitid(int type, pid_t id, vaddr_t infop, unsigned options, vaddr_t rusage)
{
    struct wait_request request;
    struct wait_result result;
    struct user_wait_info info;
    int error = waitid_request(&request, type, id, options);

    if (!error)
        error = process_wait(&request, &result);
    if (error)
        return error;
    if (result.pid && rusage && put_rusage(rusage, &result.usage))
        return -EFAULT;
    info = wait_info(&result);
    return infop ? user_put(infop, &info, sizeof(info)) : 0;
}
