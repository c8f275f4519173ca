/* kill: whom it reaches and what it refuses; SIGKILL of the running, sleeping, stopped and waiting.
 */
#include "check.h"

#include <sys/prctl.h>

static void spin(void *unused)
{
    (void)unused;
    for (volatile int forever = 1; forever;)
        ;
}

static void sleep_long(void *unused)
{
    (void)unused;
    for (;;)
        milliseconds_sleep(100000);
}

static void read_pipe(void *unused)
{
    int ends[2];
    char byte;

    (void)unused;
    CHECK_OK(pipe(ends));
    CHECK_OK(read(ends[0], &byte, 1));
}

static void write_full_pipe(void *unused)
{
    int ends[2];

    (void)unused;
    CHECK_OK(pipe(ends));
    for (;;)
        CHECK_OK(write(ends[1], "x", 1));
}

static void wait_for_child(void *unused)
{
    pid_t child = child_start(sleep_long, unused);

    prctl(PR_SET_PDEATHSIG, 0);
    CHECK_OK(kill(child, SIGSTOP));
    waitpid(child, NULL, 0);
}

static void stop_self(void *unused)
{
    (void)unused;
    CHECK_OK(kill(getpid(), SIGSTOP));
}

static void ignore_everything(void *unused)
{
    sigset_t all;

    for (int i = 1; i < 65; i++)
        signal(i, SIG_IGN);
    sigfillset(&all);
    CHECK_OK(sigprocmask(SIG_BLOCK, &all, NULL));
    sleep_long(unused);
}

static void sigkill_ends_everything(void)
{
    static void (*const works[])(void *) = {spin,      sleep_long,       read_pipe, write_full_pipe,
                                            stop_self, ignore_everything};
    pid_t child;

    for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
        child = child_start(works[i], NULL);
        milliseconds_sleep(20);
        CHECK_OK(kill(child, SIGKILL));
        CHECK_KILLED(child_wait(child), SIGKILL);
    }
}

/* One that waits for a stopped child is killed; the orphan goes with its group. */
static void a_waiting_parent_is_killed(void)
{
    pid_t child = REQUIRE(fork());

    if (child == 0) {
        setpgid(0, 0);
        wait_for_child(NULL);
        _exit(0);
    }
    setpgid(child, child);
    milliseconds_sleep(50);
    CHECK_OK(kill(-child, SIGKILL));
    CHECK_KILLED(child_wait(child), SIGKILL);
}

static void refusals(void)
{
    pid_t child = child_start(sleep_long, NULL);

    CHECK_ERR(kill(999999, SIGTERM), ESRCH);
    CHECK_ERR(kill(-999999, SIGTERM), ESRCH);
    CHECK_ERR(kill(child, -1), EINVAL);
    CHECK_ERR(kill(child, 65), EINVAL);
    CHECK_ERR(syscall(SYS_tgkill, child, child, 65), EINVAL);
    CHECK_ERR(syscall(SYS_tgkill, child, 999999, SIGTERM), ESRCH);
    CHECK_ERR(syscall(SYS_tgkill, getpid(), child, SIGTERM), ESRCH);
    CHECK_ERR(syscall(SYS_tgkill, 0, child, SIGTERM), EINVAL);
    CHECK_OK(kill(child, 0));
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    CHECK_OK(syscall(SYS_tgkill, child, child, SIGTERM));
    CHECK_KILLED(child_wait(child), SIGTERM);
}

/* A zombie takes signals without complaint; a reaped child is gone. */
static void zombies_take_signals(void)
{
    pid_t child = child_start(stop_self, NULL);
    siginfo_t info;

    CHECK_OK(kill(child, SIGKILL));
    CHECK_OK(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    CHECK_OK(kill(child, SIGKILL));
    CHECK_OK(kill(child, 0));
    CHECK_KILLED(child_wait(child), SIGKILL);
    CHECK_ERR(kill(child, 0), ESRCH);
}

int main(void)
{
    sigkill_ends_everything();
    a_waiting_parent_is_killed();
    refusals();
    zombies_take_signals();
    return check_end();
}
