/* What a child has of its parent, and what is its own: ids, descriptors, directory, masks, times.
 */
#include "check.h"

#include <sys/times.h>

static pid_t parent;

static void child_looks(void *fd)
{
    char here[64];
    sigset_t mask;
    struct tms times_now;
    struct sigaction action;

    CHECK(getpid() != parent);
    CHECK_EQ(getppid(), parent);
    CHECK_EQ(syscall(SYS_gettid), getpid());
    CHECK_EQ(getpgrp(), getpgid(parent));
    CHECK_EQ(getsid(0), getsid(parent));
    CHECK(getcwd(here, sizeof(here)) && strcmp(here, "/dev") == 0);
    CHECK_EQ(umask(0), 027);
    CHECK_OK(sigprocmask(SIG_SETMASK, NULL, &mask));
    CHECK(sigismember(&mask, SIGUSR1) && !sigismember(&mask, SIGUSR2));
    CHECK_OK(sigpending(&mask));
    CHECK(!sigismember(&mask, SIGUSR1)); /* pending signals are not handed on */
    CHECK_OK(sigaction(SIGUSR2, NULL, &action));
    CHECK(action.sa_handler == SIG_IGN);
    CHECK(times(&times_now) != (clock_t)-1);
    CHECK(times_now.tms_cutime == 0 && times_now.tms_cstime == 0);
    /* The offset is one, whoever moves it. */
    CHECK_EQ(lseek((int)(intptr_t)fd, 0, SEEK_CUR), 100);
    CHECK_EQ(lseek((int)(intptr_t)fd, 200, SEEK_SET), 200);
    /* The directory and the table of descriptors are not. */
    CHECK_OK(chdir("/"));
    CHECK_OK(fcntl((int)(intptr_t)fd, F_SETFD, FD_CLOEXEC));
    CHECK_OK(close(STDIN_FILENO));
}

int main(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY));
    char here[64];
    sigset_t mask;

    parent = getpid();
    CHECK_OK(chdir("/dev"));
    umask(027);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_SETMASK, &mask, NULL));
    CHECK_OK(kill(parent, SIGUSR1));
    signal(SIGUSR2, SIG_IGN);
    CHECK_EQ(lseek(fd, 100, SEEK_SET), 100);
    CHECK_EXIT(child_run(child_looks, (void *)(intptr_t)fd), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 200);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_OK(fcntl(STDIN_FILENO, F_GETFD));
    CHECK(getcwd(here, sizeof(here)) && strcmp(here, "/dev") == 0);
    CHECK_OK(sigpending(&mask));
    CHECK(sigismember(&mask, SIGUSR1));
    return check_end();
}
