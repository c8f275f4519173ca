/*
 * command_kill.c - the kill utility: sends a signal, or lists their names.
 *
 *      kill PID...             SIGTERM
 *      kill -9 PID...          by number
 *      kill -KILL PID...       by name; also -SIGKILL, -s KILL
 *      kill -l                 all names
 *      kill -l 137             the name for a number, or for a shell's status 128+N
 *
 * A negative PID is a process group; it needs a signal or "--" before it.
 */
#include "userland/c/lib/command.h"

#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"
#include "userland/c/lib/signame.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define STATUS_SIGNAL_BASE 128 /* POSIX 2.8.2: a status above 128 is a signal's */

static int list_one(const char *text)
{
    long number;
    const char *name = NULL;

    if (number_parse_long(text, &number)) {
        if (number > STATUS_SIGNAL_BASE)
            number -= STATUS_SIGNAL_BASE;
        if (number <= SIGNAME_LAST)
            name = signame_of((int)number);
        if (name)
            puts(name);
    } else if (signame_parse(text) >= 0) {
        printf("%d\n", signame_parse(text));
        name = text;
    }
    if (name)
        return 0;
    program_complain("%s: no such signal", text);
    return 1;
}

static int list_signals(int argc, char **argv)
{
    int status = 0;

    for (int i = 0; i < argc; i++)
        status |= list_one(argv[i]);
    if (argc == 0)
        for (int number = 1; number <= SIGNAME_LAST; number++)
            printf("%2d %s\n", number, signame_of(number));
    return status;
}

static int kill_one(const char *text, int signal_number)
{
    long pid;

    if (!number_parse_long(text, &pid) || pid != (pid_t)pid) {
        program_complain("%s: not a process id", text);
        return 1;
    }
    if (kill((pid_t)pid, signal_number) < 0) {
        program_warn(text);
        return 1;
    }
    return 0;
}

int command_kill(int argc, char **argv)
{
    int first = 1, signal_number = SIGTERM, status = 0;

    if (argc > 1 && strcmp(argv[1], "-l") == 0)
        return list_signals(argc - 2, argv + 2);
    if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0) {
        const char *name = argv[1] + 1;

        first = 2;
        if (strcmp(name, "s") == 0 && argc > 2) {
            name = argv[2];
            first = 3;
        }
        signal_number = signame_parse(name);
        if (signal_number < 0) {
            program_complain("%s: no such signal", name);
            return 2;
        }
    }
    if (first < argc && strcmp(argv[first], "--") == 0)
        first++;
    if (first >= argc) {
        fprintf(stderr, "usage: kill [-SIGNAL | -s SIGNAL] pid...\n       kill -l [status]\n");
        return 2;
    }
    for (int i = first; i < argc; i++)
        status |= kill_one(argv[i], signal_number);
    return status;
}
