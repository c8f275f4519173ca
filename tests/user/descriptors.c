/* File descriptors: the lowest free number, dup in all its forms, close-on-exec, limits,
 * close_range. */
#include "check.h"

#include <sys/resource.h>

static void the_lowest_free_is_taken(void)
{
    int first = REQUIRE(open("/dev/null", O_RDWR)), second = REQUIRE(open("/dev/null", O_RDWR));
    int third = REQUIRE(dup(first));

    CHECK_EQ(second, first + 1);
    CHECK_EQ(third, first + 2);
    close(first);
    CHECK_EQ(dup(second), first);
    close(second);
    CHECK_EQ(open("/dev/null", O_RDONLY), second);
    for (int fd = first; fd <= third; fd++)
        CHECK_OK(close(fd));
    CHECK_ERR(close(first), EBADF);
    CHECK_ERR(close(-1), EBADF);
}

static void copies_share_the_offset(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY | O_CLOEXEC)), copy = REQUIRE(dup(fd));

    CHECK_EQ(lseek(fd, 123, SEEK_SET), 123);
    CHECK_EQ(lseek(copy, 0, SEEK_CUR), 123);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(copy, F_GETFD), 0); /* the flag is the descriptor's own */
    CHECK_EQ(fcntl(copy, F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK); /* those of the file are not */
    close(fd);
    CHECK_EQ(lseek(copy, 0, SEEK_CUR), 123);
    close(copy);
}

static void dup_to_a_number(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY)), other = REQUIRE(open("/dev/null", O_RDONLY));
    char byte;

    CHECK_EQ(dup2(fd, other), other); /* closes what was there */
    CHECK_EQ(read(other, &byte, 1), 1);
    CHECK_EQ(dup2(fd, fd), fd);
    CHECK_EQ(dup2(fd, 100), 100);
    CHECK_EQ(dup3(fd, 101, O_CLOEXEC), 101);
    CHECK_EQ(fcntl(100, F_GETFD), 0);
    CHECK_EQ(fcntl(101, F_GETFD), FD_CLOEXEC);
    CHECK_ERR(dup3(fd, fd, 0), EINVAL);
    CHECK_ERR(dup3(fd, 102, O_NONBLOCK), EINVAL);
    CHECK_ERR(dup2(999, 100), EBADF);
    CHECK_ERR(dup2(fd, -1), EBADF);
    CHECK_ERR(dup2(fd, 1 << 24), EBADF);
    CHECK_ERR(dup(999), EBADF);
    CHECK_EQ(fcntl(fd, F_DUPFD, 50), 50);
    CHECK_EQ(fcntl(fd, F_DUPFD, 50), 51);
    CHECK_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 100), 102);
    CHECK_EQ(fcntl(102, F_GETFD), FD_CLOEXEC);
    CHECK_ERR(fcntl(fd, F_DUPFD, -1), EINVAL);
    CHECK_ERR(fcntl(999, F_GETFL), EBADF);
    CHECK_ERR(fcntl(fd, 0x7777), EINVAL);
}

static void the_limit_holds(void *unused)
{
    struct rlimit limit = {0}, low = {64, 64};
    int fd, count = 0;

    (void)unused;
    CHECK_OK(getrlimit(RLIMIT_NOFILE, &limit));
    CHECK(limit.rlim_cur >= 256);
    low.rlim_max = limit.rlim_max;
    CHECK_OK(setrlimit(RLIMIT_NOFILE, &low));
    while ((fd = open("/dev/null", O_RDONLY)) >= 0) {
        CHECK(fd < 64);
        count++;
    }
    CHECK_EQ(errno, EMFILE);
    CHECK(count > 40);
    CHECK_ERR(dup(0), EMFILE);
    CHECK_ERR(pipe((int[2]){0}), EMFILE);
    CHECK_ERR(dup2(0, 64), EBADF);
    CHECK_OK(close(63));
    CHECK_ERR(pipe((int[2]){0}), EMFILE); /* one free is not enough */
    CHECK_EQ(dup(0), 63);
}

/* The table grows: many descriptors at once. */
static void many_are_held(void *unused)
{
    struct rlimit limit;
    int last = -1, fd;

    (void)unused;
    CHECK_OK(getrlimit(RLIMIT_NOFILE, &limit));
    if (limit.rlim_cur > 1000)
        limit.rlim_cur = 1000;
    while (last + 1 < (int)limit.rlim_cur) {
        fd = CHECK_OK(dup(0));
        if (fd < 0)
            return;
        CHECK(fd > last);
        last = fd;
    }
    for (fd = 3; fd <= last; fd++)
        CHECK_OK(fcntl(fd, F_GETFD));
}

static void close_range_closes(void *unused)
{
    (void)unused;
    for (int fd = 10; fd < 20; fd++)
        CHECK_EQ(dup2(0, fd), fd);
    CHECK_OK(close_range(12, 15, 0));
    for (int fd = 10; fd < 20; fd++)
        CHECK_EQ(fcntl(fd, F_GETFD), fd >= 12 && fd <= 15 ? -1 : 0);
    CHECK_OK(close_range(16, 17, CLOSE_RANGE_CLOEXEC));
    CHECK_EQ(fcntl(16, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(18, F_GETFD), 0);
    CHECK_ERR(close_range(5, 4, 0), EINVAL);
    CHECK_ERR(close_range(5, 6, 0x100), EINVAL);
    CHECK_OK(close_range(10, ~0U, 0));
    CHECK_ERR(fcntl(19, F_GETFD), EBADF);
}

int main(void)
{
    the_lowest_free_is_taken();
    copies_share_the_offset();
    dup_to_a_number();
    CHECK_EXIT(child_run(the_limit_holds, NULL), 0);
    CHECK_EXIT(child_run(many_are_held, NULL), 0);
    CHECK_EXIT(child_run(close_range_closes, NULL), 0);
    return check_end();
}
