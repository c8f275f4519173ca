/* wait4 and waitid: whom they wait for, WNOHANG, WNOWAIT, what they tell, and what they refuse. */
#include "check.h"

#include <sys/resource.h>

static void exit_code(void *code)
{
    _exit((int)(intptr_t)code);
}

static void wait_for_kill(void *unused)
{
    (void)unused;
    for (;;)
        milliseconds_sleep(1000);
}

static void own_group_exit(void *code)
{
    CHECK_OK(setpgid(0, 0));
    milliseconds_sleep(20);
    exit_code(code);
}

static void nohang_gives_zero_while_it_lives(void)
{
    pid_t child = child_start(wait_for_kill, NULL);
    int status = 77;

    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK_EQ(status, 77);
    CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
    CHECK_OK(kill(child, SIGKILL));
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_KILLED(status, SIGKILL);
    CHECK_ERR(waitpid(child, &status, 0), ECHILD);
    CHECK_ERR(waitpid(child, &status, WNOHANG), ECHILD);
}

static void by_pid_any_and_group(void)
{
    pid_t first = child_start(exit_code, (void *)1), second = child_start(exit_code, (void *)2);
    pid_t grouped = child_start(own_group_exit, (void *)3);
    int status;

    setpgid(grouped, grouped);
    CHECK_EQ(waitpid(second, &status, 0), second);
    CHECK_EXIT(status, 2);
    CHECK_EQ(waitpid(0, &status, 0), first); /* own group */
    CHECK_EXIT(status, 1);
    CHECK_ERR(waitpid(0, &status, 0), ECHILD);
    CHECK_EQ(waitpid(-grouped, &status, 0), grouped);
    CHECK_EXIT(status, 3);
    CHECK_ERR(waitpid(-1, &status, 0), ECHILD);
    CHECK_ERR(waitpid(1, &status, 0), ECHILD); /* not a child */
    CHECK_ERR(waitpid(-1, &status, 0x1000), EINVAL);
}

static void waitid_tells_all(void)
{
    pid_t child = child_start(exit_code, (void *)300);
    siginfo_t info = {0};

    CHECK_OK(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    CHECK_EQ(info.si_signo, SIGCHLD);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_uid, 0);
    CHECK_EQ(info.si_status, 300 & 0xff);
    memset(&info, 0, sizeof(info));
    CHECK_OK(waitid(P_ALL, 0, &info, WEXITED)); /* still there */
    CHECK_EQ(info.si_pid, child);
    CHECK_ERR(waitid(P_PID, child, &info, WEXITED), ECHILD);
    child = child_start(wait_for_kill, NULL);
    memset(&info, 0x55, sizeof(info));
    CHECK_OK(waitid(P_PID, child, &info, WEXITED | WNOHANG));
    CHECK_EQ(info.si_pid, 0);
    CHECK_EQ(info.si_signo, 0);
    CHECK_OK(kill(child, SIGTERM));
    CHECK_OK(waitid(P_PID, child, &info, WEXITED));
    CHECK_EQ(info.si_code, CLD_KILLED);
    CHECK_EQ(info.si_status, SIGTERM);
    CHECK_ERR(waitid(P_PID, child, &info, 0), EINVAL);
    CHECK_ERR(waitid(99, child, &info, WEXITED), EINVAL);
}

static void compute(void *unused)
{
    uint64_t end = nanoseconds_now() + 60000000;

    (void)unused;
    while (nanoseconds_now() < end)
        ;
}

static void usage_is_given(void)
{
    struct rusage usage;
    pid_t child = child_start(compute, NULL);
    int status;

    memset(&usage, 0xff, sizeof(usage));
    CHECK_EQ(wait4(child, &status, 0, &usage), child);
    CHECK_EQ(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec, 0);
    CHECK(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec > 5000, "%ld us",
          (long)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec));
}

/* A wait that began before the child ended is woken by the end. */
static void waiting_is_woken(void)
{
    pid_t child = child_start(own_group_exit, (void *)8);

    CHECK_EXIT(child_wait(child), 8);
}

int main(void)
{
    nohang_gives_zero_while_it_lives();
    by_pid_any_and_group();
    waitid_tells_all();
    usage_is_given();
    waiting_is_woken();
    return check_end();
}
