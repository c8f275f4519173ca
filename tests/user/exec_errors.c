/* execve's refusals, after which the caller goes on as if nothing had been. */
#include "check.h"

static char *const arguments[] = {"x", NULL};

static void refusals(void)
{
    char *long_name = malloc(5000), *unterminated = pages_map(2);

    memset(long_name, 'n', 4999);
    long_name[4999] = 0;
    memset(unterminated, '/', PAGE);
    CHECK_OK(munmap(unterminated + PAGE, PAGE));
    CHECK_ERR(execve(unterminated, arguments, NULL), ENAMETOOLONG);
    CHECK_ERR(execve(unterminated + 100, arguments, NULL), EFAULT);
    CHECK_ERR(execve("/bin/nowhere", arguments, NULL), ENOENT);
    CHECK_ERR(execve("", arguments, NULL), ENOENT);
    CHECK_ERR(execve("/nowhere/x", arguments, NULL), ENOENT);
    CHECK_ERR(execve("/bin", arguments, NULL), EACCES);
    CHECK_ERR(execve(DATA "short", arguments, NULL), EACCES);
    CHECK_ERR(execve(DATA "short/x", arguments, NULL), ENOTDIR);
    CHECK_ERR(execve(DATA "links/self", arguments, NULL), ELOOP);
    CHECK_ERR(execve(long_name, arguments, NULL), ENAMETOOLONG);
    CHECK_ERR(execve("/dev/null", arguments, NULL), EACCES);
    CHECK_ERR(syscall(SYS_execve, NULL, arguments, NULL), EFAULT);
    CHECK_ERR(syscall(SYS_execve, KERNEL_ADDRESS, arguments, NULL), EFAULT);
    CHECK_ERR(syscall(SYS_execve, "/bin/true", (char **)8, NULL), EFAULT);
    CHECK_ERR(syscall(SYS_execve, "/bin/true", KERNEL_ADDRESS, NULL), EFAULT);
    CHECK_ERR(syscall(SYS_execve, "/bin/true", arguments, (char **)8), EFAULT);
    CHECK_ERR(syscall(SYS_execve, "/bin/true", (char *const[]){(char *)8, NULL}, NULL), EFAULT);
}

static void nothing_was_lost(void)
{
    int fd = REQUIRE(open("/dev/null", O_RDONLY | O_CLOEXEC));
    char *memory = pages_map(1);

    *memory = 5;
    CHECK_ERR(execve(DATA "exec/text", arguments, NULL), ENOEXEC);
    CHECK_EQ(*memory, 5);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

int main(void)
{
    refusals();
    nothing_was_lost();
    return check_end();
}
