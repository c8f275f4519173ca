/* poll on pipes and files: what is ready, what waits, timeouts, POLLHUP, POLLERR, POLLNVAL. */
#include "check.h"

#include <poll.h>

static int poll_one(int fd, short events, int timeout, short *got)
{
    struct pollfd item = {.fd = fd, .events = events};
    int count = CHECK_OK(poll(&item, 1, timeout));

    *got = item.revents;
    return count;
}

#define CHECK_POLL(fd, events, timeout, count, want)                                               \
    do {                                                                                           \
        short got_;                                                                                \
        CHECK_EQ(poll_one(fd, events, timeout, &got_), count);                                     \
        CHECK_EQ(got_, want);                                                                      \
    } while (0)

static void pipe_states(void)
{
    static char block[65536];
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_POLL(ends[0], POLLIN, 0, 0, 0);
    CHECK_POLL(ends[1], POLLOUT, 0, 1, POLLOUT);
    CHECK_EQ(write(ends[1], block, sizeof(block)), sizeof(block));
    CHECK_POLL(ends[0], POLLIN, 0, 1, POLLIN);
    CHECK_POLL(ends[1], POLLOUT, 0, 0, 0);
    CHECK_EQ(read(ends[0], block, sizeof(block)), sizeof(block));
    close(ends[1]);
    CHECK_POLL(ends[0], POLLIN, 0, 1, POLLHUP);
    close(ends[0]);
    CHECK_OK(pipe(ends));
    close(ends[0]);
    CHECK_POLL(ends[1], POLLOUT, 0, 1, POLLOUT | POLLERR);
    close(ends[1]);
}

static void odd_descriptors(void)
{
    int file = REQUIRE(open(DATA "short", O_RDONLY));
    struct timespec none = {0};

    CHECK_POLL(file, POLLIN | POLLOUT, 0, 1, POLLIN | POLLOUT);
    CHECK_POLL(999, POLLIN, 0, 1, POLLNVAL);
    CHECK_POLL(-1, POLLIN, 0, 0, 0);
    close(file);
    CHECK_ERR(syscall(SYS_ppoll, 8L, 1, &none, NULL, 8), EFAULT);
    CHECK_ERR(syscall(SYS_ppoll, 0L, 1UL << 30, &none, NULL, 8), EINVAL);
}

static void timeouts_last(void)
{
    uint64_t before = nanoseconds_now();
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_POLL(ends[0], POLLIN, 30, 0, 0);
    CHECK(nanoseconds_now() - before >= 30000000);
    before = nanoseconds_now();
    CHECK_EQ(poll(NULL, 0, 30), 0);
    CHECK(nanoseconds_now() - before >= 30000000);
}

static void write_later(void *end)
{
    milliseconds_sleep(30);
    CHECK_EQ(write((int)(intptr_t)end, "x", 1), 1);
}

static void exit_later(void *unused)
{
    (void)unused;
    milliseconds_sleep(30);
}

static void waiting_is_woken(void)
{
    struct pollfd items[3] = {{.events = POLLIN}, {.events = POLLIN}, {.fd = -1}};
    int first[2], second[2];
    pid_t child;

    CHECK_OK(pipe(first));
    CHECK_OK(pipe(second));
    items[0].fd = first[0];
    items[1].fd = second[0];
    child = child_start(write_later, (void *)(intptr_t)second[1]);
    CHECK_EQ(poll(items, 3, 10000), 1);
    CHECK_EQ(items[0].revents, 0);
    CHECK_EQ(items[1].revents, POLLIN);
    CHECK_EXIT(child_wait(child), 0);
    child = child_start(exit_later, NULL);
    close(first[1]);
    CHECK_EQ(poll(items, 1, 10000), 1); /* the child's copy was the last writer */
    CHECK_EQ(items[0].revents, POLLHUP);
    CHECK_EXIT(child_wait(child), 0);
}

int main(void)
{
    pipe_states();
    odd_descriptors();
    timeouts_last();
    waiting_is_woken();
    return check_end();
}
