/* Signal handlers: that they run, with what arguments and mask, nested, once, and that everything
 * is restored. */
#include "check.h"

#include <setjmp.h>

static volatile int calls, last, depth, deepest;
static volatile siginfo_t told;
static sigset_t mask_inside;

static void count(int number)
{
    calls++;
    last = number;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    CHECK_OK(sigaction(number, &action, NULL));
}

static void they_run(void)
{
    handle(SIGUSR1, count, 0);
    for (int i = 1; i <= 100; i++) {
        CHECK_OK(raise(SIGUSR1));
        CHECK_EQ(calls, i);
        CHECK_EQ(last, SIGUSR1);
    }
    CHECK_OK(kill(getpid(), SIGUSR1)); /* delivered before kill returns */
    CHECK_EQ(calls, 101);
}

static void tell(int number, siginfo_t *info, void *context)
{
    (void)context;
    told = *info;
    last = number;
    sigprocmask(SIG_SETMASK, NULL, &mask_inside);
}

static void information_and_mask(void)
{
    struct sigaction action = {.sa_sigaction = tell, .sa_flags = SA_SIGINFO};
    sigset_t after;

    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK_OK(sigaction(SIGTERM, &action, NULL));
    CHECK_OK(kill(getpid(), SIGTERM));
    CHECK_EQ(told.si_signo, SIGTERM);
    CHECK_EQ(told.si_code, SI_USER);
    CHECK_EQ(told.si_pid, getpid());
    CHECK(sigismember(&mask_inside, SIGTERM) && sigismember(&mask_inside, SIGUSR2) &&
          !sigismember(&mask_inside, SIGUSR1));
    CHECK_OK(sigprocmask(SIG_SETMASK, NULL, &after));
    CHECK(!sigismember(&after, SIGTERM) && !sigismember(&after, SIGUSR2));
    CHECK_OK(syscall(SYS_tgkill, getpid(), getpid(), SIGTERM));
    CHECK_EQ(told.si_code, SI_TKILL);
}

static void nest(int number)
{
    depth++;
    if (depth > deepest)
        deepest = depth;
    if (depth < 5)
        raise(number);
    depth--;
}

static void nesting_and_deferring(void)
{
    handle(SIGUSR2, nest, SA_NODEFER);
    CHECK_OK(raise(SIGUSR2));
    CHECK_EQ(deepest, 5);
    depth = 4; /* deferred: the one raised inside comes after */
    deepest = 0;
    handle(SIGUSR2, nest, 0);
    CHECK_OK(raise(SIGUSR2));
    CHECK_EQ(deepest, 5);
    CHECK_EQ(depth, 4);
}

static void reset_after_one(void *unused)
{
    (void)unused;
    handle(SIGUSR1, count, SA_RESETHAND);
    CHECK_OK(raise(SIGUSR1));
    raise(SIGUSR1);
}

static void blocked_ones_come_later_in_one(void)
{
    sigset_t set, old;

    calls = 0;
    handle(SIGUSR1, count, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, &old));
    for (int i = 0; i < 3; i++)
        CHECK_OK(raise(SIGUSR1));
    CHECK_EQ(calls, 0);
    CHECK_OK(sigprocmask(SIG_SETMASK, &old, NULL));
    CHECK_EQ(calls, 1); /* standard signals do not queue */
    calls = 0;
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
    CHECK_OK(raise(SIGUSR1));
    CHECK_ERR(sigsuspend(&old), EINTR);
    CHECK_EQ(calls, 1);
    CHECK_OK(sigprocmask(SIG_SETMASK, &old, NULL));
}

static sigjmp_buf back;

static void jump(int number)
{
    siglongjmp(back, number);
}

static void jumping_out_restores_the_mask(void)
{
    volatile int times = 0;

    handle(SIGUSR1, jump, 0);
    if (sigsetjmp(back, 1))
        times++;
    if (times < 3)
        raise(SIGUSR1);
    CHECK_EQ(times, 3);
}

/* A handler that ruins every register it may leaves the interrupted computation alone. */
static volatile int *ruin_seen; /* how often it ran, for the sender */

static void ruin(int number)
{
    volatile double noise = number * 3.5;

    for (int i = 0; i < 100; i++)
        noise *= 1.01;
    calls++;
    *ruin_seen = calls;
}

#define SIGNALS     20
#define PATIENCE_MS 20000

/* Sends SIGNALS signals, each when the one before has been seen; then says that it is done. */
static void send_one_by_one(pid_t to, volatile int *seen, volatile int *done)
{
    for (int sent = 1; sent <= SIGNALS; sent++) {
        kill(to, SIGUSR1);
        for (int waited = 0; *seen < sent && waited < PATIENCE_MS; waited++)
            milliseconds_sleep(1);
    }
    *done = 1;
}

static void interrupted_computation_is_right(void)
{
    volatile int *shared =
        REQUIRE((int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    double sum = 0;
    unsigned long hash = 1;
    pid_t parent = getpid(), child;

    calls = 0;
    ruin_seen = &shared[0];
    handle(SIGUSR1, ruin, 0);
    child = REQUIRE(fork());
    if (child == 0) {
        send_one_by_one(parent, &shared[0], &shared[1]);
        _exit(0);
    }
    for (int i = 0; i < 1000000; i++) {
        sum += 0.5;
        hash = hash * 6364136223846793005UL + 1442695040888963407UL;
    }
    while (!shared[1])
        __asm__ volatile("" ::: "memory"); /* no system call: the signal itself must come through */
    CHECK_EQ(calls, SIGNALS);
    CHECK(sum == 500000.0, "%f", sum);
    CHECK_EQ(hash != 0, 1);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}

int main(void)
{
    they_run();
    information_and_mask();
    nesting_and_deferring();
    CHECK_KILLED(child_run(reset_after_one, NULL), SIGUSR1);
    blocked_ones_come_later_in_one();
    jumping_out_restores_the_mask();
    interrupted_computation_is_right();
    return check_end();
}
