/*
 * signame.c - one table of the standard signals.
 *
 * Numbers are Linux's for riscv64 (asm-generic/signal.h), taken through <signal.h>, so that
 * the same source is right on the machine that runs its tests. The descriptions are those a
 * Unix user expects from a shell. Real-time signals have numbers only.
 */
#include "userland/c/lib/signame.h"

#include <signal.h>
#include <stdlib.h>
#include <strings.h>

struct signame {
    const char *name;
    const char *description;
};

static const struct signame signames[SIGNAME_LAST + 1] = {
    [SIGHUP] = {"HUP", "Hangup"},
    [SIGINT] = {"INT", "Interrupt"},
    [SIGQUIT] = {"QUIT", "Quit"},
    [SIGILL] = {"ILL", "Illegal instruction"},
    [SIGTRAP] = {"TRAP", "Trace/breakpoint trap"},
    [SIGABRT] = {"ABRT", "Aborted"},
    [SIGBUS] = {"BUS", "Bus error"},
    [SIGFPE] = {"FPE", "Floating point exception"},
    [SIGKILL] = {"KILL", "Killed"},
    [SIGUSR1] = {"USR1", "User defined signal 1"},
    [SIGSEGV] = {"SEGV", "Segmentation fault"},
    [SIGUSR2] = {"USR2", "User defined signal 2"},
    [SIGPIPE] = {"PIPE", "Broken pipe"},
    [SIGALRM] = {"ALRM", "Alarm clock"},
    [SIGTERM] = {"TERM", "Terminated"},
    [SIGSTKFLT] = {"STKFLT", "Stack fault"},
    [SIGCHLD] = {"CHLD", "Child exited"},
    [SIGCONT] = {"CONT", "Continued"},
    [SIGSTOP] = {"STOP", "Stopped (signal)"},
    [SIGTSTP] = {"TSTP", "Stopped"},
    [SIGTTIN] = {"TTIN", "Stopped (tty input)"},
    [SIGTTOU] = {"TTOU", "Stopped (tty output)"},
    [SIGURG] = {"URG", "Urgent I/O condition"},
    [SIGXCPU] = {"XCPU", "CPU time limit exceeded"},
    [SIGXFSZ] = {"XFSZ", "File size limit exceeded"},
    [SIGVTALRM] = {"VTALRM", "Virtual timer expired"},
    [SIGPROF] = {"PROF", "Profiling timer expired"},
    [SIGWINCH] = {"WINCH", "Window changed"},
    [SIGIO] = {"IO", "I/O possible"},
    [SIGPWR] = {"PWR", "Power failure"},
    [SIGSYS] = {"SYS", "Bad system call"},
};

const char *signame_of(int number)
{
    if (number < 1 || number > SIGNAME_LAST)
        return NULL;
    return signames[number].name;
}

static int number_parse(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (*end || number < 0 || number >= NSIG)
        return -1;
    return (int)number;
}

int signame_parse(const char *text)
{
    if (text[0] >= '0' && text[0] <= '9')
        return number_parse(text);
    if (strncasecmp(text, "SIG", 3) == 0)
        text += 3;
    for (int number = 1; number <= SIGNAME_LAST; number++)
        if (signames[number].name && strcasecmp(text, signames[number].name) == 0)
            return number;
    return -1;
}

const char *signame_describe(int number)
{
    if (number < 1 || number > SIGNAME_LAST || !signames[number].description)
        return "Killed by a real-time signal";
    return signames[number].description;
}
