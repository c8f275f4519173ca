/*
 * debug_trace(): system calls told to a pipe, arguments by kind, results, errors; what a child does
 * is told too; -1 ends it; and it needs an open descriptor.
 */
#include "check.h"

#define SYS_DEBUG_TRACE 4096

static char text[16384];

static long trace_to(int fd)
{
    return syscall(SYS_DEBUG_TRACE, fd);
}

/* What `work` makes the kernel tell, in `text`. */
static void traced(void (*work)(void))
{
    size_t done = 0;
    ssize_t n;
    int fd[2];

    REQUIRE(pipe(fd));
    REQUIRE(trace_to(fd[1]));
    work();
    REQUIRE(trace_to(-1));
    close(fd[1]);
    while ((n = read(fd[0], text + done, sizeof(text) - 1 - done)) > 0)
        done += n;
    text[done] = 0;
    close(fd[0]);
}

static void told(int pid, const char *call)
{
    char line[256];

    snprintf(line, sizeof(line), "[pid %d] %s\n", pid, call);
    CHECK(strstr(text, line), "'%s' is not in '%s'", line, text);
}

static void work_here(void)
{
    syscall(SYS_openat, AT_FDCWD, "/no\nwhere", O_RDWR | O_CLOEXEC, 0640);
    syscall(SYS_write, 77, "ab", 2);
    syscall(SYS_read, 77, NULL, 5);
    syscall(SYS_mmap, NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, 77, 0);
    syscall(SYS_munmap, 1, PAGE);
    syscall(SYS_mprotect, 0x1000, PAGE, PROT_NONE);
    syscall(SYS_kill, 0, 0);
    syscall(SYS_openat, 77, (char *)8, O_WRONLY | O_CREAT, 0);
    syscall(499);
}

static void arguments_by_kind(void)
{
    int pid = getpid();

    traced(work_here);
    told(pid, "openat(AT_FDCWD, \"/no\\nwhere\", O_RDWR|O_CLOEXEC, 0640) = -1 ENOENT");
    told(pid, "write(77, \"ab\", 2) = -1 EBADF");
    told(pid, "read(77, NULL, 5) = -1 EBADF");
    told(pid, "mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, 77, 0) = -1 EBADF");
    told(pid, "munmap(0x1, 4096) = -1 EINVAL");
    told(pid, "mprotect(0x1000, 4096, PROT_NONE) = -1 ENOMEM");
    told(pid, "kill(0, 0) = 0");
    told(pid, "openat(77, 0x8, O_WRONLY|O_CREAT, 0) = -1 EFAULT");
    told(pid, "syscall_499() = -1 ENOSYS");
    CHECK(!strstr(text, "debug_trace"), "%s", text);
}

static pid_t child;

static void work_in_child(void)
{
    child = fork();
    if (child == 0) {
        syscall(SYS_getpgid, 0);
        _exit(7);
    }
    waitpid(child, NULL, 0);
}

static void children_are_told(void)
{
    char call[64];

    traced(work_in_child);
    snprintf(call, sizeof(call), "getpgid(0) = %d", (int)getpgid(0));
    told(child, call);
    told(child, "exit_group(7) = ?");
}

int main(void)
{
    arguments_by_kind();
    children_are_told();
    CHECK_ERR(trace_to(77), EBADF);
    return check_end();
}
