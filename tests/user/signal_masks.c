/* Masks, pending signals, ignored and default actions, and the errors of sigaction and sigprocmask.
 */
#include "check.h"

static void block(int number)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, number);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
}

static void unblock(int number)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, number);
    CHECK_OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
}

static bool is_pending(int number)
{
    sigset_t set;

    CHECK_OK(sigpending(&set));
    return sigismember(&set, number) == 1;
}

static void blocked_then_unblocked_kills(void *unused)
{
    (void)unused;
    block(SIGTERM);
    CHECK_OK(raise(SIGTERM));
    CHECK(is_pending(SIGTERM));
    if (check_failures)
        _exit(1);
    unblock(SIGTERM);
    _exit(2);
}

/* Setting a pending signal to ignored throws it away. */
static void ignoring_discards_pending(void)
{
    block(SIGUSR1);
    CHECK_OK(kill(getpid(), SIGUSR1));
    CHECK(is_pending(SIGUSR1));
    signal(SIGUSR1, SIG_IGN);
    CHECK(!is_pending(SIGUSR1));
    signal(SIGUSR1, SIG_DFL);
    unblock(SIGUSR1);
}

static void ignored_signals_do_nothing(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGUSR1, SIGSEGV};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        signal(numbers[i], SIG_IGN);
        CHECK_OK(raise(numbers[i]));
        signal(numbers[i], SIG_DFL);
    }
    /* Ignored by default. */
    CHECK_OK(raise(SIGCHLD));
    CHECK_OK(raise(SIGURG));
    CHECK_OK(raise(SIGWINCH));
    CHECK_OK(raise(SIGCONT));
}

/* A fault is not ignored and not blocked: it kills. */
static void ignore_then_fault(void *unused)
{
    (void)unused;
    signal(SIGSEGV, SIG_IGN);
    touch_store(NULL);
}

static void block_then_fault(void *unused)
{
    (void)unused;
    block(SIGSEGV);
    touch_store(NULL);
}

static void refusals(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigset_t all;

    CHECK_ERR(sigaction(SIGKILL, &action, NULL), EINVAL);
    CHECK_ERR(sigaction(SIGSTOP, &action, NULL), EINVAL);
    CHECK_ERR(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8), EINVAL);
    CHECK_ERR(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8), EINVAL);
    CHECK_ERR(syscall(SYS_rt_sigaction, SIGTERM, NULL, NULL, 16), EINVAL);
    CHECK_ERR(syscall(SYS_rt_sigprocmask, 99, &all, NULL, 8), EINVAL);
    CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, 4), EINVAL);
    CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, 8), EFAULT);
    /* KILL and STOP are taken out of every mask without a word. */
    sigfillset(&all);
    CHECK_OK(sigprocmask(SIG_SETMASK, &all, NULL));
    CHECK_OK(sigprocmask(SIG_SETMASK, NULL, &all));
    CHECK(!sigismember(&all, SIGKILL) && !sigismember(&all, SIGSTOP) && sigismember(&all, SIGTERM));
    sigemptyset(&all);
    CHECK_OK(sigprocmask(SIG_SETMASK, &all, NULL));
}

static void actions_are_told(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN, .sa_flags = SA_RESTART}, old;

    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK_OK(sigaction(SIGUSR1, &action, &old));
    CHECK(old.sa_handler == SIG_DFL);
    CHECK_OK(sigaction(SIGUSR1, NULL, &old));
    CHECK(old.sa_handler == SIG_IGN && sigismember(&old.sa_mask, SIGUSR2));
    CHECK_EQ(old.sa_flags & SA_RESTART, SA_RESTART);
}

int main(void)
{
    CHECK_KILLED(child_run(blocked_then_unblocked_kills, NULL), SIGTERM);
    ignoring_discards_pending();
    ignored_signals_do_nothing();
    CHECK_KILLED(child_run(ignore_then_fault, NULL), SIGSEGV);
    CHECK_KILLED(child_run(block_then_fault, NULL), SIGSEGV);
    refusals();
    actions_are_told();
    return check_end();
}
