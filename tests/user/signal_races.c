/*
 * Signals that meet something else: a full queue, a SIGCONT right behind the stop, a thread that
 * blocks what it was to take.
 */
#include "check.h"

#include <pthread.h>
#include <sched.h>

#define QUEUED_MIN 100     /* more than this fit a queue on any system */
#define QUEUED_MAX 1000000 /* and no memory holds so many */
#define ROUNDS     200
#define DEADLINE   20 /* seconds */

/* A queue takes only so much, says so, and loses nothing of what it took. */
static void queue_is_limited_and_in_order(void)
{
    sigset_t set;
    siginfo_t info;
    int queued = 0, taken = 0;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
    while (queued < QUEUED_MAX &&
           sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = queued}) == 0)
        queued++;
    CHECK(errno == EAGAIN);
    CHECK(queued > QUEUED_MIN && queued < QUEUED_MAX);
    while (sigtimedwait(&set, &info, &(struct timespec){0}) == SIGRTMIN &&
           info.si_value.sival_int == taken)
        taken++;
    CHECK(taken == queued);
    CHECK_OK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 0}));
    CHECK(sigtimedwait(&set, &info, &(struct timespec){0}) == SIGRTMIN);
}

/* Whoever is stopped and continued often enough still runs in the end. */
static void continued_after_stop_runs(void)
{
    volatile uint32_t *counter = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    time_t end = time(NULL) + DEADLINE;
    pid_t pid = fork();
    uint32_t seen;
    int status;

    if (pid == 0) {
        setpgid(0, 0);
        for (;;)
            ++*counter;
    }
    while (*counter == 0 && time(NULL) < end)
        sched_yield();
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_OK(kill(pid, i % 2 ? SIGTSTP : SIGSTOP));
        CHECK_OK(kill(pid, SIGCONT));
        seen = *counter;
        while (*counter == seen && time(NULL) < end)
            sched_yield();
        CHECK(*counter != seen);
        if (check_failures)
            break;
    }
    CHECK_OK(kill(pid, SIGKILL));
    CHECK(waitpid(pid, &status, 0) == pid);
}

static _Atomic unsigned handled, over;

static void count(int number)
{
    (void)number;
    handled++;
}

/* Blocks and unblocks the signal all the time. */
static void *waver(void *unused)
{
    sigset_t set;

    (void)unused;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    while (!over) {
        pthread_sigmask(SIG_BLOCK, &set, NULL);
        for (volatile int i = 0; i < 2000; i++)
            continue;
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    }
    return NULL;
}

static void *wait_for_signals(void *unused)
{
    (void)unused;
    while (!over)
        usleep(1000000);
    return NULL;
}

/* A signal for the process is taken by some thread that does not block it, at once. */
static void another_thread_takes_the_signal(void)
{
    time_t end = time(NULL) + DEADLINE;
    pthread_t wavering, waiting;
    sigset_t set;

    signal(SIGUSR1, count);
    CHECK(pthread_create(&wavering, NULL, waver, NULL) == 0);
    CHECK(pthread_create(&waiting, NULL, wait_for_signals, NULL) == 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK_OK(pthread_sigmask(SIG_BLOCK, &set, NULL));
    for (unsigned i = 0; i < ROUNDS && !check_failures; i++) {
        CHECK_OK(kill(getpid(), SIGUSR1));
        while (handled == i && time(NULL) < end)
            sched_yield();
        CHECK(handled == i + 1);
    }
    over = 1;
    CHECK(pthread_join(wavering, NULL) == 0);
    CHECK(pthread_join(waiting, NULL) == 0);
}

int main(void)
{
    queue_is_limited_and_in_order();
    continued_after_stop_runs();
    another_thread_takes_the_signal();
    return check_end();
}
