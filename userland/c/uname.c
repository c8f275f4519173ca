/*
 * uname.c - uname [-amnrsv]: what system this is.
 *
 * Prints the fields of uname(2) that are asked for, always in the order system, node,
 * release, version, machine. Without an option: the system's name.
 */
#include "userland/c/lib/program.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define FIELDS "snrvm" /* the order of printing */

int main(int argc, char **argv)
{
    struct utsname name;
    const char *values[] = {name.sysname, name.nodename, name.release, name.version, name.machine};
    unsigned wanted = 0;
    const char *separator = "";
    int option;

    program_begin(argv, "uname");
    while ((option = getopt(argc, argv, "a" FIELDS)) != -1) {
        if (option == '?')
            program_usage(2, "uname [-amnrsv]");
        if (option == 'a')
            wanted = (1U << strlen(FIELDS)) - 1;
        else
            wanted |= 1U << (strchr(FIELDS, option) - FIELDS);
    }
    if (uname(&name) < 0)
        program_die(1, "uname");
    if (!wanted)
        wanted = 1;
    for (size_t i = 0; i < strlen(FIELDS); i++) {
        if (!(wanted >> i & 1))
            continue;
        printf("%s%s", separator, values[i]);
        separator = " ";
    }
    putchar('\n');
    return program_finish(0);
}
