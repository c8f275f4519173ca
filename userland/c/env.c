/*
 * env.c - env [-i] [-u name] [name=value...] [program [argument...]]
 *
 * Runs a program in a changed environment, or prints the environment. -i starts from an empty
 * one, -u takes a variable out. The program is looked up in the PATH it will see. Status:
 * the program's; 127 not found, 126 not runnable, 125 env itself failed.
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENV_FAILED = 125, CANNOT_RUN = 126, NOT_FOUND = 127 };

extern char **environ;

static void options_apply(int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "+iu:")) != -1) {
        if (option == 'i')
            clearenv();
        else if (option == '?' || unsetenv(optarg) < 0)
            program_usage(ENV_FAILED, "env [-i] [-u name] [name=value...] [program [argument...]]");
    }
}

/* Takes the assignments that stand first among the operands; returns what comes after. */
static char **assignments_apply(char **words)
{
    for (; *words && strchr(*words, '='); words++)
        if (putenv(*words) != 0)
            program_die(ENV_FAILED, *words);
    return words;
}

int main(int argc, char **argv)
{
    char **command;
    int status;

    program_begin(argv, "env");
    options_apply(argc, argv);
    command = assignments_apply(argv + optind);
    if (*command) {
        execvp(command[0], command);
        status = errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
        program_die(status, command[0]);
    }
    for (char **entry = environ; entry && *entry; entry++)
        puts(*entry);
    return program_finish_or(0, ENV_FAILED);
}
