/*
 * Bad pointers in every argument of every call that takes one: EFAULT, never a signal, never more.
 * Each call is tried with addresses that are not mapped, the kernel's, not canonical, and at the
 * very top.
 */
#include "check.h"

#include <poll.h>
#include <sys/uio.h>

static const long bad[] = {8, 0x1000, -1, -4096, 1L << 62, -65536L, (long)0xffffffff80200000};

#define COUNT   (sizeof(bad) / sizeof(*bad))
#define CALL_NR 6

struct call {
    const char *what;
    long number, arguments[CALL_NR];
    int pointer; /* the argument that is bad in turn */
    int other;   /* another errno that Linux may give first, or 0 */
};

static char buffer[8192];
static int file, folder, pipe_read, pipe_write;

#define B ((long)buffer)
#define S ((long)"/data/short")

static void try(const struct call *call)
{
    long arguments[CALL_NR], result;

    for (size_t i = 0; i < COUNT; i++) {
        memcpy(arguments, call->arguments, sizeof(arguments));
        arguments[call->pointer] = bad[i];
        errno = 0;
        result = syscall(call->number, arguments[0], arguments[1], arguments[2], arguments[3],
                         arguments[4], arguments[5]);
        if (result != -1 || (errno != EFAULT && errno != call->other))
            CHECK_FAILED("EFAULT", "%s, argument %d = %#lx: %ld (%s)", call->what, call->pointer,
                         bad[i], result, strerrorname_np(errno));
    }
}

static void files(void)
{
    const struct call calls[] = {
        {"openat", SYS_openat, {AT_FDCWD, 0, 0}, 1, 0},
        {"read", SYS_read, {file, 0, 100}, 1, 0},
        {"pread64", SYS_pread64, {file, 0, 100, 7}, 1, 0},
        {"readv", SYS_readv, {file, 0, 1}, 1, 0},
        {"write", SYS_write, {pipe_write, 0, 100}, 1, 0},
        {"writev", SYS_writev, {pipe_write, 0, 1}, 1, 0},
        {"getdents64", SYS_getdents64, {folder, 0, 4096}, 1, 0},
        {"fstat", SYS_fstat, {file, 0}, 1, 0},
        {"newfstatat path", SYS_newfstatat, {AT_FDCWD, 0, B, 0}, 1, 0},
        {"newfstatat", SYS_newfstatat, {AT_FDCWD, S, 0, 0}, 2, 0},
        {"statx path", SYS_statx, {AT_FDCWD, 0, 0, 0x7ff, B}, 1, 0},
        {"statx", SYS_statx, {AT_FDCWD, S, 0, 0x7ff, 0}, 4, 0},
        {"readlinkat path", SYS_readlinkat, {AT_FDCWD, 0, B, 100}, 1, 0},
        {"readlinkat", SYS_readlinkat, {AT_FDCWD, (long)"/data/links/relative", 0, 100}, 2, 0},
        {"faccessat", SYS_faccessat, {AT_FDCWD, 0, 0}, 1, 0},
        {"chdir", SYS_chdir, {0}, 0, 0},
        {"getcwd", SYS_getcwd, {0, 4096}, 0, 0},
        {"pipe2", SYS_pipe2, {0, 0}, 0, 0},
        {"ppoll", SYS_ppoll, {0, 1, 0, 0, 8}, 0, 0},
        {"ppoll time", SYS_ppoll, {B, 0, 0, 0, 8}, 2, 0},
        {"statfs", SYS_statfs, {S, 0}, 1, 0},
        {"mkdirat", SYS_mkdirat, {AT_FDCWD, 0, 0755}, 1, 0},
        {"unlinkat", SYS_unlinkat, {AT_FDCWD, 0, 0}, 1, 0},
    };

    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
        try(&calls[i]);
}

static void processes(void)
{
    const struct call calls[] = {
        {"execve path", SYS_execve, {0, 0, 0}, 0, 0},
        {"execve arguments", SYS_execve, {(long)"/bin/true", 0, 0}, 1, 0},
        {"execve environment", SYS_execve, {(long)"/bin/true", 0, 0}, 2, 0},
        {"rt_sigaction new", SYS_rt_sigaction, {SIGUSR1, 0, 0, 8}, 1, 0},
        {"rt_sigaction old", SYS_rt_sigaction, {SIGUSR1, 0, 0, 8}, 2, 0},
        {"rt_sigprocmask new", SYS_rt_sigprocmask, {SIG_BLOCK, 0, 0, 8}, 1, 0},
        {"rt_sigprocmask old", SYS_rt_sigprocmask, {SIG_BLOCK, 0, 0, 8}, 2, 0},
        {"rt_sigpending", SYS_rt_sigpending, {0, 8}, 0, 0},
        {"nanosleep", SYS_nanosleep, {0, 0}, 0, 0},
        {"clock_nanosleep", SYS_clock_nanosleep, {1, 0, 0, 0}, 2, 0},
        {"clock_gettime", SYS_clock_gettime, {1, 0}, 1, 0},
        {"clock_getres", SYS_clock_getres, {1, 0}, 1, 0},
        {"gettimeofday", SYS_gettimeofday, {0, 0}, 0, 0},
        {"times", SYS_times, {0}, 0, 0},
        {"getrusage", SYS_getrusage, {0, 0}, 1, 0},
        {"uname", SYS_uname, {0}, 0, 0},
        {"sysinfo", SYS_sysinfo, {0}, 0, 0},
        {"prlimit64 new", SYS_prlimit64, {0, 7, 0, 0}, 2, 0},
        {"prlimit64 old", SYS_prlimit64, {0, 7, 0, 0}, 3, 0},
        {"getrandom", SYS_getrandom, {0, 16, 0}, 0, 0},
        {"getresuid", SYS_getresuid, {0, B, B}, 0, 0},
        {"getresuid saved", SYS_getresuid, {B, B, 0}, 2, 0},
        {"getgroups", SYS_getgroups, {100, 0}, 1, 0},
    };

    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
        if (calls[i].number != SYS_getgroups || getgroups(0, NULL) > 0)
            try(&calls[i]);
}

static void exit_at_once(void *unused)
{
    (void)unused;
}

/* wait4 with a bad status reaps none the less; what is not asked for is not looked at. */
static void waiting(void)
{
    pid_t child = child_start(exit_at_once, NULL);

    CHECK_ERR(syscall(SYS_wait4, child, 8L, 0, 0), EFAULT);
    CHECK_ERR(waitpid(child, NULL, 0), ECHILD);
    child = child_start(exit_at_once, NULL);
    CHECK_ERR(syscall(SYS_waitid, P_PID, child, 8L, WEXITED, 0), EFAULT);
    CHECK_ERR(syscall(SYS_wait4, -1, 8L, 0, 0), ECHILD);
}

/* A vector with a good part and a bad one, and no right to write what is only readable. */
static void vectors_and_rights(void)
{
    struct iovec parts[2] = {{buffer, 100}, {(void *)8, 100}};
    char *page = REQUIRE((char *)mmap(NULL, PAGE, PROT_READ, ANON, -1, 0));
    char *none = REQUIRE((char *)mmap(NULL, PAGE, PROT_NONE, ANON, -1, 0));

    CHECK_EQ(lseek(file, 0, SEEK_SET), 0);
    CHECK_EQ(readv(file, parts, 2), 100);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 100);
    CHECK_EQ(pattern_mismatch(buffer, 100, 0), -1);
    CHECK_ERR(read(file, page, 10), EFAULT);
    CHECK_ERR(read(file, none, 10), EFAULT);
    CHECK_ERR(write(pipe_write, none, 10), EFAULT);
    CHECK_EQ(write(pipe_write, page, 10), 10);
    CHECK_EQ(read(pipe_read, buffer, sizeof(buffer)), 10);
    CHECK_ERR(syscall(SYS_uname, page), EFAULT);
    /* Code is readable and not writable. */
    CHECK_ERR(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (void *)try), EFAULT);
}

int main(void)
{
    int ends[2];

    CHECK_OK(pipe(ends));
    pipe_read = ends[0];
    pipe_write = ends[1];
    file = REQUIRE(open("/data/pattern", O_RDONLY));
    folder = REQUIRE(open("/data/big", O_RDONLY | O_DIRECTORY));
    files();
    processes();
    waiting();
    vectors_and_rights();
    return check_end();
}
