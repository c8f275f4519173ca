/*
 * command_echo.c - the echo utility: its arguments, one space between them, a newline.
 *
 * POSIX leaves open what -n and backslashes do; here -n as the first argument drops the
 * newline and a backslash is a backslash. printf is the portable tool for the rest.
 */
#include "userland/c/lib/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int command_echo(int argc, char **argv)
{
    int first = 1;
    bool newline = true;

    if (argc > 1 && strcmp(argv[1], "-n") == 0) {
        newline = false;
        first = 2;
    }
    for (int i = first; i < argc; i++) {
        if (i > first)
            putchar(' ');
        fputs(argv[i], stdout);
    }
    if (newline)
        putchar('\n');
    return 0;
}
