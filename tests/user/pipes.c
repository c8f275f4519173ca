/* Pipes: order, end of file, EPIPE and SIGPIPE, capacity, O_NONBLOCK, what cannot be done with
 * them. */
#include "check.h"

#include <sys/ioctl.h>
#include <sys/uio.h>

#define CAPACITY 65536 /* pipe(7) */

static void bytes_come_in_order(void)
{
    char text[16] = "";
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_EQ(write(ends[1], "abc", 3), 3);
    CHECK_EQ(write(ends[1], "defg", 4), 4);
    CHECK_EQ(read(ends[0], text, 2), 2);
    CHECK_EQ(read(ends[0], text + 2, 14), 5);
    CHECK_EQ(strcmp(text, "abcdefg"), 0);
    close(ends[1]);
    CHECK_EQ(read(ends[0], text, 1), 0);
    close(ends[0]);
}

static void write_without_reader(void *unused)
{
    int ends[2];

    (void)unused;
    CHECK_OK(pipe(ends));
    close(ends[0]);
    (void)!write(ends[1], "x", 1);
    _exit(3);
}

static void epipe_when_sigpipe_is_ignored(void)
{
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    CHECK_OK(pipe(ends));
    close(ends[0]);
    CHECK_ERR(write(ends[1], "x", 1), EPIPE);
    CHECK_EQ(write(ends[1], "", 0), 0);
    signal(SIGPIPE, SIG_DFL);
    close(ends[1]);
}

static void capacity_and_nonblock(void)
{
    static char block[CAPACITY + 5];
    int ends[2], waiting = -1;

    CHECK_OK(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    CHECK_EQ(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(ends[1], F_GETFL), O_WRONLY | O_NONBLOCK);
    CHECK_ERR(read(ends[0], block, 1), EAGAIN);
    CHECK_EQ(write(ends[1], block, sizeof(block)), CAPACITY);
    CHECK_ERR(write(ends[1], block, 1), EAGAIN);
    CHECK_OK(ioctl(ends[0], FIONREAD, &waiting));
    CHECK_EQ(waiting, CAPACITY);
    CHECK_EQ(read(ends[0], block, 4096), 4096);
    CHECK_EQ(write(ends[1], block, 4096), 4096);
    CHECK_ERR(write(ends[1], block, 1), EAGAIN);
    for (int left = CAPACITY, n; left > 0; left -= n)
        if ((n = CHECK_OK((int)read(ends[0], block, 10000))) <= 0)
            break;
    CHECK_ERR(read(ends[0], block, 1), EAGAIN);
    close(ends[1]);
    CHECK_EQ(read(ends[0], block, 1), 0);
    close(ends[0]);
}

static void reader(void *end)
{
    static unsigned char data[30011];
    size_t total = 0;
    ssize_t n;

    while ((n = read((int)(intptr_t)end, data, sizeof(data))) > 0) {
        CHECK_EQ(pattern_mismatch(data, n, total), -1);
        total += n;
    }
    CHECK_EQ(total, 3 * MIB);
}

/* A large write blocks until all of it has been read. */
static void much_goes_through(void)
{
    unsigned char *data = malloc(3 * MIB);
    int ends[2];
    pid_t child;

    for (size_t i = 0; i < 3 * MIB; i++)
        data[i] = pattern_byte(i);
    CHECK_OK(pipe(ends));
    child = REQUIRE(fork());
    if (child == 0) {
        close(ends[1]);
        reader((void *)(intptr_t)ends[0]);
        child_end();
    }
    close(ends[0]);
    CHECK_EQ(write(ends[1], data, 3 * MIB), 3 * MIB);
    close(ends[1]);
    CHECK_EXIT(child_wait(child), 0);
    free(data);
}

static void what_a_pipe_is_not(void)
{
    struct iovec parts[2] = {{"ab", 2}, {"cd", 2}};
    char text[8] = "";
    struct stat info;
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_ERR(lseek(ends[0], 0, SEEK_SET), ESPIPE);
    CHECK_ERR(pread(ends[0], text, 1, 0), ESPIPE);
    CHECK_ERR(read(ends[1], text, 1), EBADF);
    CHECK_ERR(write(ends[0], text, 1), EBADF);
    CHECK_ERR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, ends[0], 0), ENODEV);
    CHECK_ERR(pipe2(ends, 0x1), EINVAL);
    CHECK_OK(fstat(ends[0], &info));
    CHECK(S_ISFIFO(info.st_mode));
    CHECK_EQ(writev(ends[1], parts, 2), 4);
    CHECK_EQ(read(ends[0], text, 8), 4);
    CHECK_EQ(strcmp(text, "abcd"), 0);
}

/* /dev/fd opens a pipe that has no name; its other end may be gone by then: a shell's <(...). */
static void opened_anew(void)
{
    char name[32], text[8] = "";
    int ends[2], again;

    CHECK_OK(pipe(ends));
    CHECK_EQ(write(ends[1], "abc", 3), 3);
    close(ends[1]);
    snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
    again = CHECK_OK(open(name, O_RDONLY));
    CHECK_EQ(read(again, text, sizeof(text)), 3);
    CHECK_EQ(strcmp(text, "abc"), 0);
    CHECK_EQ(read(again, text, sizeof(text)), 0);
    close(again);
    close(ends[0]);
}

int main(void)
{
    bytes_come_in_order();
    CHECK_KILLED(child_run(write_without_reader, NULL), SIGPIPE);
    epipe_when_sigpipe_is_ignored();
    capacity_and_nonblock();
    much_goes_through();
    what_a_pipe_is_not();
    opened_anew();
    return check_end();
}
