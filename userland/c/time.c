/*
 * time.c - time [-p] PROGRAM [argument...]: runs it and says how long it took.
 *
 * Three lines on standard error, in POSIX's format: real is the clock's time from start to
 * end, user and sys are the processor times the kernel accounted to the program and to the
 * children it waited for. The status is the program's (128+N if signal N ended it), 127 if
 * it was not found, 126 if it could not be run.
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000L

static double real_seconds(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) +
           (double)(to->tv_nsec - from->tv_nsec) / (double)NANOSECONDS;
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static _Noreturn void child_run(char **command)
{
    int status;

    execvp(command[0], command);
    status = errno == ENOENT ? 127 : 126;
    program_warn(command[0]);
    _exit(status);
}

static int wait_for(pid_t pid, struct rusage *usage)
{
    int status;

    while (wait4(pid, &status, 0, usage) < 0)
        if (errno != EINTR)
            program_die(1, "wait");
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    struct timespec from, to;
    struct rusage usage;
    int status, first = 1;
    pid_t pid;

    program_begin(argv, "time");
    if (first < argc && strcmp(argv[first], "-p") == 0)
        first++;
    if (first >= argc)
        program_usage(2, "time [-p] program [argument...]");
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid = fork();
    if (pid < 0)
        program_die(126, "fork");
    if (pid == 0)
        child_run(argv + first);
    status = wait_for(pid, &usage);
    clock_gettime(CLOCK_MONOTONIC, &to);
    fprintf(stderr, "real %.2f\nuser %.2f\nsys %.2f\n", real_seconds(&from, &to),
            seconds(&usage.ru_utime), seconds(&usage.ru_stime));
    return status;
}
