/*
 * free.c - how much memory there is and what it is used for, from /proc/meminfo.
 *
 * Sizes are in KiB. "used" is what is neither free nor cache that could be given back;
 * "available" is the kernel's own estimate (MemAvailable), or free + cache where it gives
 * none.
 */
#include "userland/c/lib/program.h"
#include "userland/c/lib/slurp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMINFO "/proc/meminfo"
#define ABSENT  (-1L)

/* The value of the line "NAME: value kB"; ABSENT if there is none. */
static long meminfo_value(const char *text, const char *name)
{
    size_t length = strlen(name);
    const char *line = text;

    while (line) {
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return strtol(line + length + 1, NULL, 10);
        line = strchr(line, '\n');
        if (line)
            line++;
    }
    return ABSENT;
}

static long value_or_zero(const char *text, const char *name)
{
    long value = meminfo_value(text, name);

    return value == ABSENT ? 0 : value;
}

static void memory_print(const char *text)
{
    long total = value_or_zero(text, "MemTotal"), unused = value_or_zero(text, "MemFree");
    long cache = value_or_zero(text, "Buffers") + value_or_zero(text, "Cached");
    long available = meminfo_value(text, "MemAvailable");

    if (available == ABSENT)
        available = unused + cache;
    printf("%18s %11s %11s %11s %11s %11s\n", "total", "used", "free", "shared", "buff/cache",
           "available");
    printf("Mem:   %11ld %11ld %11ld %11ld %11ld %11ld\n", total, total - unused - cache, unused,
           value_or_zero(text, "Shmem"), cache, available);
}

int main(int argc, char **argv)
{
    char *text;

    program_begin(argv, "free");
    if (argc > 1)
        program_usage(2, "free");
    text = slurp(MEMINFO, NULL);
    if (!text)
        program_die(1, MEMINFO);
    if (meminfo_value(text, "MemTotal") == ABSENT) {
        program_complain("%s: no MemTotal", MEMINFO);
        free(text);
        return 1;
    }
    memory_print(text);
    free(text);
    return program_finish(0);
}
