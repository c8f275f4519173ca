/*
 * program.c - messages and the orderly end of a program.
 *
 * See program.h. Standard output is flushed before a dying message, so that the two appear
 * in the order they were said when both go to the same place.
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *program_name = "?";

void program_begin(char **argv, const char *fallback)
{
    const char *slash;

    program_name = argv[0] && argv[0][0] ? argv[0] : fallback;
    slash = strrchr(program_name, '/');
    if (slash && slash[1])
        program_name = slash + 1;
}

void program_warn(const char *thing)
{
    int saved = errno;

    fflush(stdout);
    fprintf(stderr, "%s: %s: %s\n", program_name, thing, strerror(saved));
    errno = saved;
}

void program_complain(const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fprintf(stderr, "%s: ", program_name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void program_die(int status, const char *thing)
{
    program_warn(thing);
    exit(status);
}

void program_usage(int status, const char *text)
{
    fflush(stdout);
    fprintf(stderr, "usage: %s\n", text);
    exit(status);
}

int program_finish_or(int status, int failure)
{
    int failed_before = ferror(stdout);

    errno = 0;
    if (fflush(stdout) == 0 && !failed_before)
        return status;
    if (errno)
        program_warn("write error");
    else
        program_complain("write error");
    return failure;
}

int program_finish(int status)
{
    return program_finish_or(status, 1);
}
