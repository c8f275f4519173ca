/*
 * trace.c - trace PROGRAM [argument...]: shows every system call of a program and its children.
 *
 * The kernel writes one line for each call to standard error (docs/debugging.md):
 *
 *     [pid 7] openat(AT_FDCWD, "/etc/motd", O_RDONLY) = 3
 *
 * The status is the program's (128+N if signal N ended it), 127 if it was not found, 126 if it
 * could not be run.
 */
#include "userland/c/lib/debug.h"
#include "userland/c/lib/program.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void child_run(char **command)
{
    int status;

    if (debug_trace(STDERR_FILENO))
        program_die(126, "trace");
    execvp(command[0], command);
    status = errno == ENOENT ? 127 : 126;
    debug_trace(-1);
    program_warn(command[0]);
    _exit(status);
}

int main(int argc, char **argv)
{
    int status;
    pid_t pid;

    program_begin(argv, "trace");
    if (argc < 2)
        program_usage(2, "trace program [argument...]");
    pid = fork();
    if (pid < 0)
        program_die(126, "fork");
    if (pid == 0)
        child_run(argv + 1);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            program_die(1, "wait");
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
