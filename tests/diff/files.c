/* files.c - opening, reading, positions, descriptors, what stat says. */
#include "tests/diff/cases.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/uio.h>

static char buffer[65536];

CASE(read_whole)
{
    int fd = open("/d/big", O_RDONLY);
    ssize_t got;

    while ((got = read(fd, buffer, 7000)) > 0)
        say_bytes("read", buffer, got);
    say("end", got);
    say("again", read(fd, buffer, 10));
}

CASE(read_nothing)
{
    int fd = open("/d/empty", O_RDONLY);

    say("empty", read(fd, buffer, 10));
    say("zero bytes", read(fd, buffer, 0));
    say("no descriptor", read(99, buffer, 10));
    say("bad memory", read(open("/d/hello", O_RDONLY), (void *)8, 10));
    say("bad memory, zero bytes", read(open("/d/hello", O_RDONLY), (void *)8, 0));
}

CASE(seek)
{
    int fd = open("/d/hello", O_RDONLY);

    say("set", lseek(fd, 7, SEEK_SET));
    say_bytes("there", buffer, read(fd, buffer, 3));
    say("current", lseek(fd, -2, SEEK_CUR));
    say("end", lseek(fd, -1, SEEK_END));
    say("beyond", lseek(fd, 1000, SEEK_END));
    say("read beyond", read(fd, buffer, 5));
    say("negative", lseek(fd, -1, SEEK_SET));
    say("whence", lseek(fd, 0, 77));
    say("no descriptor", lseek(99, 0, SEEK_SET));
    say("unmoved", lseek(fd, 0, SEEK_CUR));
}

CASE(pread_keeps_position)
{
    int fd = open("/d/hello", O_RDONLY);

    say_bytes("pread", buffer, pread(fd, buffer, 5, 7));
    say("position", lseek(fd, 0, SEEK_CUR));
    say("negative", pread(fd, buffer, 5, -1));
    say("beyond", pread(fd, buffer, 5, 100000));
}

CASE(readv_scatters)
{
    char first[3], second[4], third[100];
    struct iovec parts[] = {{first, 3}, {NULL, 0}, {second, 4}, {third, 100}};
    int fd = open("/d/hello", O_RDONLY);

    say("readv", readv(fd, parts, 4));
    say_bytes("first", first, 3);
    say_bytes("second", second, 4);
    say("no parts", readv(fd, parts, 0));
    say("too many", readv(fd, parts, 5000));
    say("negative", readv(fd, parts, -1));
}

CASE(writev_gathers)
{
    struct iovec parts[] = {{"one ", 4}, {"two ", 4}, {"three\n", 6}};

    say("writev", writev(STDOUT_FILENO, parts, 3));
}

CASE(open_errors)
{
    char name[5000];

    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    say("long path", open(name, O_RDONLY));
    name[300] = '\0';
    say("long name", open(name, O_RDONLY));
    say("missing", open("/d/missing", O_RDONLY));
    say("missing folder", open("/d/missing/x", O_RDONLY));
    say("below a file", open("/d/hello/x", O_RDONLY));
    say("file with slash", open("/d/hello/", O_RDONLY));
    say("empty", open("", O_RDONLY));
    say("null", open((char *)8, O_RDONLY));
    say("loop", open("/d/loop1", O_RDONLY));
    say("dangling", open("/d/dangling", O_RDONLY));
    say("folder to write", open("/d/dir", O_WRONLY));
    say("not a folder", open("/d/hello", O_RDONLY | O_DIRECTORY));
    say("link, nofollow", open("/d/link", O_RDONLY | O_NOFOLLOW));
    say("no descriptor", openat(99, "x", O_RDONLY));
    say("file as folder", openat(open("/d/hello", O_RDONLY), "x", O_RDONLY));
}

CASE(open_lowest_number)
{
    int a = open("/d/hello", O_RDONLY), b = open("/d/hello", O_RDONLY);

    say("first", a);
    say("second", b);
    say("close", close(a));
    say("again", open("/d/hello", O_RDONLY));
    say("close", close(77));
    say("closed", close(b));
    say("closed twice", close(b));
}

CASE(dup_shares_position)
{
    int fd = open("/d/hello", O_RDONLY), other = dup(fd), own = open("/d/hello", O_RDONLY);

    say_bytes("one", buffer, read(fd, buffer, 5));
    say_bytes("other", buffer, read(other, buffer, 5));
    say_bytes("own", buffer, read(own, buffer, 5));
    say("close", close(fd));
    say_bytes("still", buffer, read(other, buffer, 5));
}

CASE(dup_errors)
{
    say("dup", dup(50));
    say("dup2 from nothing", dup2(50, 3));
    say("dup2 same", dup2(1, 1));
    say("dup2 same nothing", dup2(50, 50));
    say("dup2 negative", dup2(1, -1));
    say("dup2 huge", dup2(1, 1 << 30));
    say("dup3 same", dup3(1, 1, 0));
    say("dup3 flags", dup3(1, 9, O_NONBLOCK));
    say("dup3", dup3(1, 9, O_CLOEXEC));
    say("flag", fcntl(9, F_GETFD));
}

CASE(descriptor_flags)
{
    int fd = open("/d/hello", O_RDONLY | O_CLOEXEC);

    say("open", fcntl(fd, F_GETFD));
    say("clear", fcntl(fd, F_SETFD, 0));
    say("cleared", fcntl(fd, F_GETFD));
    say("dup", fcntl(fd, F_DUPFD, 20));
    say("dup cloexec", fcntl(fd, F_DUPFD_CLOEXEC, 20));
    say("of the second", fcntl(21, F_GETFD));
    say("too high", fcntl(fd, F_DUPFD, 1 << 30));
    say("negative", fcntl(fd, F_DUPFD, -1));
    say("unknown", fcntl(fd, 12345, 0));
}

CASE(status_flags)
{
    int ends[2], fd = open("/d/hello", O_RDONLY);

    say("file", fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_APPEND));
    say("pipe", pipe2(ends, O_NONBLOCK));
    say("read end", fcntl(ends[0], F_GETFL) & (O_ACCMODE | O_NONBLOCK));
    say("write end", fcntl(ends[1], F_GETFL) & (O_ACCMODE | O_NONBLOCK));
    say("clear", fcntl(ends[0], F_SETFL, 0));
    say("cleared", fcntl(ends[0], F_GETFL) & (O_ACCMODE | O_NONBLOCK));
}

CASE(wrong_direction)
{
    int ends[2];

    say("pipe", pipe(ends));
    say("write a reader", write(open("/d/hello", O_RDONLY), "x", 1));
    say("read a writer", read(ends[1], buffer, 1));
    say("write to the read end", write(ends[0], "x", 1));
    say("read a folder", read(open("/d/dir", O_RDONLY), buffer, 10));
    say("pread a pipe", pread(ends[0], buffer, 1, 0));
    say("seek a pipe", lseek(ends[0], 0, SEEK_CUR));
}

static void say_stat(const char *path, int flags)
{
    struct stat info;

    if (fstatat(AT_FDCWD, path, &info, flags) < 0) {
        say(path, -1);
        return;
    }
    dprintf(STDOUT_FILENO, "%s: mode %o owner %u:%u", path, info.st_mode, info.st_uid, info.st_gid);
    if (!S_ISDIR(info.st_mode))
        dprintf(STDOUT_FILENO, " size %ld links %lu", (long)info.st_size, (long)info.st_nlink);
    dprintf(STDOUT_FILENO, "\n");
}

CASE(stat_says)
{
    static const char *const paths[] = {"/d/hello", "/d/empty",    "/d/big",  "/d/secret",
                                        "/d/dir",   "/d/dirlink/", "/d/link", "/d/dangling",
                                        "/d/loop1", "/d/dir/a",    "/d/none"};

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        say_stat(paths[i], 0);
        say_stat(paths[i], AT_SYMLINK_NOFOLLOW);
    }
}

CASE(stat_errors)
{
    struct stat info;

    say("fstat", fstat(99, &info));
    say("empty", fstatat(AT_FDCWD, "", &info, 0));
    say("empty path flag", fstatat(1, "", &info, AT_EMPTY_PATH));
    say("unknown flag", fstatat(AT_FDCWD, "/d/hello", &info, 0x40000000));
    say("bad result", stat("/d/hello", (void *)8));
}

CASE(readlink_says)
{
    memset(buffer, '?', 20);
    say_bytes("link", buffer, readlink("/d/link", buffer, sizeof(buffer)));
    say_bytes("short", buffer, readlink("/d/link", buffer, 3));
    say("zero", readlink("/d/link", buffer, 0));
    say("no link", readlink("/d/hello", buffer, 10));
    say("missing", readlink("/d/missing", buffer, 10));
    say_bytes("dangling", buffer, readlink("/d/dangling", buffer, sizeof(buffer)));
}

CASE(access_says)
{
    say("read", access("/d/hello", R_OK));
    say("execute", access("/d/hello", X_OK));
    say("program", access("/d/cases", X_OK));
    say("there", access("/d/hello", F_OK));
    say("missing", access("/d/missing", F_OK));
    say("mode", access("/d/hello", 99));
    say("folder", access("/d/dir", X_OK | R_OK));
}

CASE(devices)
{
    int zero = open("/dev/zero", O_RDWR), null = open("/dev/null", O_RDWR);
    int full = open("/dev/full", O_RDWR);

    memset(buffer, 'x', 100);
    say("null", read(null, buffer, 10));
    say("to null", write(null, buffer, 10));
    say("zero", read(zero, buffer, 10));
    say("byte", buffer[9]);
    say("after", buffer[10]);
    say("full", write(full, buffer, 10));
    say("read full", read(full, buffer, 11));
    say("seek null", lseek(null, 100, SEEK_SET));
    say("no terminal", isatty(null));
    say("reason", errno == ENOTTY);
}

CASE(descriptor_limit)
{
    struct rlimit limit = {10, 10};
    int last = -1, fd;

    say("set", setrlimit(RLIMIT_NOFILE, &limit));
    while ((fd = open("/d/hello", O_RDONLY)) >= 0)
        last = fd;
    say("then", fd);
    say("last", last);
    say("dup2", dup2(1, 10));
    say("pipe", pipe((int[2]){0}));
    say("raised", setrlimit(RLIMIT_NOFILE, &(struct rlimit){20, 10}));
}

CASE(position_is_shared_with_a_child)
{
    int fd = open("/d/hello", O_RDONLY);
    pid_t pid = must_fork();

    if (pid == 0)
        _exit((int)read(fd, buffer, 5));
    say_wait("child", pid);
    say("position", lseek(fd, 0, SEEK_CUR));
}
