/* pipes.c - pipes: contents, ends, limits, readiness. */
#include "tests/diff/cases.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>

#define NOW 0

static int ends[2];
static char buffer[200000];

CASE(pipe_carries)
{
    say("pipe", pipe(ends));
    say("write", write(ends[1], "hello", 5));
    say("write", write(ends[1], " world", 6));
    say_bytes("some", buffer, read(ends[0], buffer, 3));
    say_bytes("rest", buffer, read(ends[0], buffer, 100));
    say("close", close(ends[1]));
    say("end", read(ends[0], buffer, 100));
}

CASE(pipe_between_processes)
{
    pid_t pid;
    ssize_t got, whole = 0;

    pipe(ends);
    pid = must_fork();
    if (pid == 0) {
        memset(buffer, 'p', sizeof(buffer));
        _exit(write(ends[1], buffer, sizeof(buffer)) == sizeof(buffer) ? 4 : 5);
    }
    close(ends[1]);
    while ((got = read(ends[0], buffer, sizeof(buffer))) > 0)
        whole += got;
    say("read", whole);
    say_wait("writer", pid);
}

static int write_to_nobody(void)
{
    close(ends[0]);
    write(ends[1], "x", 1);
    return 9;
}

CASE(pipe_without_reader)
{
    pipe(ends);
    close(ends[0]);
    say_child("by default", write_to_nobody);
    signal(SIGPIPE, SIG_IGN);
    say("ignored", write(ends[1], "x", 1));
}

CASE(pipe_capacity)
{
    long count = 0;

    pipe2(ends, O_NONBLOCK);
    say("empty", read(ends[0], buffer, 1));
    while (write(ends[1], buffer, 1024) == 1024)
        count++;
    say("then", -1);
    say("kilobytes", count);
    say("one more", write(ends[1], buffer, 1));
    say("read", read(ends[0], buffer, 4096));
    say("room", write(ends[1], buffer, 4096));
    say("again full", write(ends[1], buffer, 4096));
}

CASE(pipe_partial_write)
{
    pipe2(ends, O_NONBLOCK);
    say("large", write(ends[1], buffer, sizeof(buffer)));
    say("read", read(ends[0], buffer, sizeof(buffer)));
}

static void say_poll(const char *what, int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN | POLLOUT};

    say(what, poll(&one, 1, NOW));
    say("  events", one.revents);
}

CASE(pipe_readiness)
{
    pipe(ends);
    say_poll("reader, empty", ends[0]);
    say_poll("writer, empty", ends[1]);
    write(ends[1], "x", 1);
    say_poll("reader, a byte", ends[0]);
    close(ends[1]);
    say_poll("reader, no writer", ends[0]);
    read(ends[0], buffer, 1);
    say_poll("reader, no writer, empty", ends[0]);
    pipe(ends);
    close(ends[0]);
    say_poll("writer, no reader", ends[1]);
    say_poll("closed", ends[0] + 50);
    say_poll("file", open("/d/hello", O_RDONLY));
}

CASE(select_on_a_pipe)
{
    struct timeval none = {0, 0};
    fd_set readers;

    pipe(ends);
    FD_ZERO(&readers);
    FD_SET(ends[0], &readers);
    say("empty", select(ends[0] + 1, &readers, NULL, NULL, &none));
    say("set", FD_ISSET(ends[0], &readers) != 0);
    write(ends[1], "x", 1);
    FD_SET(ends[0], &readers);
    say("a byte", select(ends[0] + 1, &readers, NULL, NULL, &none));
    say("set", FD_ISSET(ends[0], &readers) != 0);
    FD_SET(20, &readers);
    say("nothing there", select(21, &readers, NULL, NULL, &none));
}

CASE(pipe_bytes_waiting)
{
    int count = -7;

    pipe(ends);
    write(ends[1], "seven b", 7);
    say("ioctl", ioctl(ends[0], FIONREAD, &count));
    say("waiting", count);
    say("no terminal", isatty(ends[0]));
}

CASE(pipe_errors)
{
    say("flags", pipe2(ends, 0x40));
    say("bad memory", pipe((int *)8));
    say("poll bad memory", poll((void *)8, 1, NOW));
    pipe(ends);
    say("write bad memory", write(ends[1], (void *)8, 5));
    say("write nothing", write(ends[1], buffer, 0));
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    say("nothing came", read(ends[0], buffer, 5));
}

CASE(pipe_end_waits_for_last_writer)
{
    int other;
    pid_t pid;

    pipe(ends);
    other = dup(ends[1]);
    pid = must_fork();
    if (pid == 0) {
        usleep(20000);
        write(ends[1], "late", 4);
        _exit(0);
    }
    close(ends[1]);
    close(other);
    say_bytes("late", buffer, read(ends[0], buffer, 10));
    say("end", read(ends[0], buffer, 10));
    say_wait("child", pid);
}

CASE(pipe_is_a_fifo)
{
    struct stat info;

    pipe(ends);
    say("fstat", fstat(ends[0], &info));
    say("fifo", S_ISFIFO(info.st_mode));
    say("size", info.st_size);
    say("mode", info.st_mode & 07777);
}
