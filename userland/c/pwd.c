/*
 * pwd.c - pwd [-L | -P]: the name of the working directory.
 *
 * -L (the default) believes $PWD if it is an absolute name without "." and ".." that leads
 * to the same directory; it may then pass through symbolic links. -P asks the kernel.
 */
#include "userland/c/lib/program.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_dots(const char *path)
{
    for (const char *at = path; (at = strstr(at, "/.")) != NULL; at++)
        if (at[2] == '\0' || at[2] == '/' || (at[2] == '.' && (at[3] == '\0' || at[3] == '/')))
            return true;
    return false;
}

static bool leads_here(const char *path)
{
    struct stat there, here;

    return path && path[0] == '/' && !has_dots(path) && stat(path, &there) == 0 &&
           stat(".", &here) == 0 && there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

int main(int argc, char **argv)
{
    bool physical = false;
    char *name;
    int option;

    program_begin(argv, "pwd");
    while ((option = getopt(argc, argv, "LP")) != -1) {
        if (option == '?')
            program_usage(2, "pwd [-L | -P]");
        physical = option == 'P';
    }
    if (!physical && leads_here(getenv("PWD"))) {
        puts(getenv("PWD"));
        return program_finish(0);
    }
    name = getcwd(NULL, 0);
    if (!name)
        program_die(1, "getcwd");
    puts(name);
    free(name);
    return program_finish(0);
}
