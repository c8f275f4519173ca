/* The device nodes: null, zero, full, urandom, and the terminal calls on what is no terminal. */
#include "check.h"

#include <sys/ioctl.h>
#include <termios.h>

static void null_and_zero(void)
{
    int null = REQUIRE(open("/dev/null", O_RDWR)), zero = REQUIRE(open("/dev/zero", O_RDWR));
    char *data = malloc(100000);

    CHECK_EQ(read(null, data, 10), 0);
    CHECK_EQ(write(null, data, 100000), 100000);
    memset(data, 1, 100000);
    CHECK_EQ(read(zero, data, 100000), 100000);
    CHECK_EQ(byte_mismatch(data, 100000, 0), -1);
    CHECK_EQ(write(zero, data, 77), 77);
    CHECK_EQ(pread(zero, data, 5, 1000), 5);
    CHECK_EQ(lseek(null, 100, SEEK_SET), 0); /* stays where it is */
    CHECK(!isatty(null));
    CHECK_EQ(errno, ENOTTY);
    free(data);
}

static void full_is_full(void)
{
    int full = REQUIRE(open("/dev/full", O_RDWR));
    char data[16] = {1};

    CHECK_EQ(read(full, data, 16), 16);
    CHECK_EQ(byte_mismatch(data, 16, 0), -1);
    CHECK_ERR(write(full, data, 1), ENOSPC);
}

static void random_is_random(const char *path)
{
    unsigned char data[4096], again[4096];
    int counts[256] = {0}, most = 0;
    int fd = REQUIRE(open(path, O_RDONLY));

    CHECK_EQ(read(fd, data, sizeof(data)), sizeof(data));
    CHECK_EQ(read(fd, again, sizeof(again)), sizeof(again));
    CHECK(memcmp(data, again, sizeof(data)) != 0);
    for (size_t i = 0; i < sizeof(data); i++)
        if (++counts[data[i]] > most)
            most = counts[data[i]];
    CHECK(most < 64, "a byte occurs %d times in 4096", most); /* 16 expected */
    close(fd);
}

static void no_terminal(void)
{
    int file = REQUIRE(open(DATA "short", O_RDONLY));
    struct termios state;
    struct winsize size;
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_ERR(tcgetattr(file, &state), ENOTTY);
    CHECK_ERR(tcgetattr(ends[0], &state), ENOTTY);
    CHECK_ERR(ioctl(file, TIOCGWINSZ, &size), ENOTTY);
    CHECK_ERR(ioctl(999, TIOCGWINSZ, &size), EBADF);
    CHECK_ERR(ioctl(file, 0x12345678, 0), ENOTTY);
}

int main(void)
{
    null_and_zero();
    full_is_full();
    random_is_random("/dev/urandom");
    random_is_random("/dev/random");
    no_terminal();
    return check_end();
}
