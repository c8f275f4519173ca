/* SIGCHLD ignored: children vanish by themselves; stop and continue as waitpid and waitid tell
 * them. */
#include "check.h"

static void exit_code(void *code)
{
    milliseconds_sleep(10);
    _exit((int)(intptr_t)code);
}

static void spin(void *unused)
{
    (void)unused;
    for (;;)
        milliseconds_sleep(10);
}

/* wait returns when the last has gone, with ECHILD. */
static void children_of_a_parent_that_ignores(void *unused)
{
    pid_t child;

    (void)unused;
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 5; i++)
        child_start(exit_code, (void *)3);
    CHECK_ERR(wait(NULL), ECHILD);
    child = child_start(exit_code, (void *)3);
    CHECK_ERR(waitpid(child, NULL, 0), ECHILD);
    CHECK_ERR(kill(child, 0), ESRCH);
}

static void children_with_nocldwait(void *unused)
{
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};

    (void)unused;
    CHECK_OK(sigaction(SIGCHLD, &action, NULL));
    child_start(exit_code, (void *)3);
    CHECK_ERR(wait(NULL), ECHILD);
}

static void sigchld_is_pending_after_an_end(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
    CHECK_EXIT(child_run(exit_code, (void *)4), 4);
    CHECK_OK(sigpending(&set));
    /* The default action ignores it, and so it is not kept... unless it is blocked, as here. */
    CHECK_EQ(sigismember(&set, SIGCHLD), 1);
    CHECK_OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
}

static void stop_and_continue(void)
{
    pid_t child = child_start(spin, NULL);
    siginfo_t info = {0};
    int status;

    CHECK_OK(kill(child, SIGSTOP));
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP, "status %#x", status);
    CHECK_EQ(waitpid(child, &status, WUNTRACED | WNOHANG), 0); /* told once */
    CHECK_OK(kill(child, SIGTERM));                            /* waits until it continues */
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK_OK(kill(child, SIGCONT));
    CHECK_KILLED(child_wait(child), SIGTERM);

    child = child_start(spin, NULL);
    CHECK_OK(kill(child, SIGTSTP));
    CHECK_OK(waitid(P_PID, child, &info, WSTOPPED));
    CHECK_EQ(info.si_code, CLD_STOPPED);
    CHECK_EQ(info.si_status, SIGTSTP);
    CHECK_OK(kill(child, SIGCONT));
    CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
    CHECK(WIFCONTINUED(status), "status %#x", status);
    CHECK_OK(kill(child, SIGSTOP));
    CHECK_OK(waitid(P_PID, child, &info, WSTOPPED));
    CHECK_OK(kill(child, SIGKILL)); /* ends a stopped process too */
    CHECK_KILLED(child_wait(child), SIGKILL);
}

/* A stopped process does not run. */
static void stopped_means_still(void)
{
    volatile unsigned *count = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned seen;
    pid_t child;
    int status;

    if (count == MAP_FAILED)
        return; /* shared memory may be refused */
    child = REQUIRE(fork());
    if (child == 0)
        for (;;)
            ++*count;
    while (*count == 0)
        milliseconds_sleep(1);
    CHECK_OK(kill(child, SIGSTOP));
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    seen = *count;
    milliseconds_sleep(50);
    CHECK_EQ(*count, seen);
    CHECK_OK(kill(child, SIGCONT));
    for (int i = 0; i < 400 && *count == seen; i++)
        milliseconds_sleep(5);
    CHECK(*count != seen);
    CHECK_OK(kill(child, SIGKILL));
    CHECK_KILLED(child_wait(child), SIGKILL);
}

int main(void)
{
    CHECK_EXIT(child_run(children_of_a_parent_that_ignores, NULL), 0);
    CHECK_EXIT(child_run(children_with_nocldwait, NULL), 0);
    sigchld_is_pending_after_an_end();
    stop_and_continue();
    stopped_means_still();
    return check_end();
}
