/* System calls and handlers: EINTR, SA_RESTART, what nanosleep leaves, and calls that have done a
 * part. */
#include "check.h"

#include <poll.h>

static volatile int calls;
static pid_t parent;

static void count(int number)
{
    (void)number;
    calls++;
}

static void handle(int flags)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = flags};

    CHECK_OK(sigaction(SIGUSR1, &action, NULL));
    calls = 0;
}

/* Waits until the parent sleeps in its call: state S in its /proc/PID/stat. */
static void await_sleep(void)
{
    char path[64], text[512], *state;

    snprintf(path, sizeof(path), "/proc/%d/stat", parent);
    do {
        milliseconds_sleep(5);
        if (file_read(path, text, sizeof(text)) <= 0)
            return;
        state = strrchr(text, ')');
    } while (!state || state[2] != 'S');
}

/* Signals the parent in its call, then gives it time to have left it. */
static void signal_later(void *unused)
{
    (void)unused;
    await_sleep();
    kill(parent, SIGUSR1);
    milliseconds_sleep(200);
}

static void signal_then_write(void *end)
{
    signal_later(NULL);
    CHECK_EQ(write((int)(intptr_t)end, "xyz", 3), 3);
}

/* The wait itself may be interrupted by what the child sent. */
static void reap(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    CHECK_EXIT(status, 0);
}

static void reading_a_pipe(void)
{
    char text[8];
    int ends[2];
    pid_t child;

    CHECK_OK(pipe(ends));
    handle(0);
    child = child_start(signal_then_write, (void *)(intptr_t)ends[1]);
    CHECK_ERR(read(ends[0], text, sizeof(text)), EINTR);
    CHECK_EQ(calls, 1);
    CHECK_EQ(read(ends[0], text, sizeof(text)), 3);
    reap(child);
    handle(SA_RESTART);
    child = child_start(signal_then_write, (void *)(intptr_t)ends[1]);
    CHECK_EQ(read(ends[0], text, sizeof(text)), 3); /* goes on waiting */
    CHECK_EQ(calls, 1);
    reap(child);
}

static void writing_a_part(void)
{
    static char block[100000];
    int ends[2];
    pid_t child;

    CHECK_OK(pipe(ends));
    handle(0);
    child = child_start(signal_later, NULL);
    CHECK_EQ(write(ends[1], block, sizeof(block)), 65536); /* what went in is counted */
    CHECK_EQ(calls, 1);
    reap(child);
}

static void sleeping(void)
{
    struct timespec span = {5, 0}, rest = {0};
    pid_t child;

    handle(SA_RESTART); /* has no say here */
    child = child_start(signal_later, NULL);
    CHECK_ERR(nanosleep(&span, &rest), EINTR);
    CHECK(rest.tv_sec == 4, "%ld.%09ld left", (long)rest.tv_sec, rest.tv_nsec);
    reap(child);
    child = child_start(signal_later, NULL);
    CHECK_ERR(poll(NULL, 0, 5000), EINTR);
    reap(child);
}

static void waiting_for_children(void)
{
    pid_t child;
    int status;

    handle(SA_RESTART);
    child = child_start(signal_later, NULL);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(calls, 1);
    handle(0);
    child = child_start(signal_later, NULL);
    CHECK_ERR(waitpid(child, &status, 0), EINTR);
    reap(child);
}

/* An ignored signal interrupts nothing, nor does a stop. */
static void ignored_signals(void)
{
    char text[8];
    int ends[2];
    pid_t child;

    CHECK_OK(pipe(ends));
    signal(SIGUSR1, SIG_IGN);
    child = child_start(signal_then_write, (void *)(intptr_t)ends[1]);
    CHECK_EQ(read(ends[0], text, sizeof(text)), 3);
    reap(child);
}

int main(void)
{
    parent = getpid();
    reading_a_pipe();
    writing_a_part();
    sleeping();
    waiting_for_children();
    ignored_signals();
    return check_end();
}
