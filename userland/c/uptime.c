/*
 * uptime.c - how long the system has been up, from /proc/uptime.
 *
 * The file holds two numbers: seconds since boot, and seconds all harts together were idle.
 * Shown is "up 1 day, 2:03:04", and the load averages where /proc/loadavg exists.
 */
#include "userland/c/lib/program.h"
#include "userland/c/lib/slurp.h"

#include <stdio.h>
#include <stdlib.h>

#define UPTIME  "/proc/uptime"
#define LOADAVG "/proc/loadavg"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static void print_duration(unsigned long seconds)
{
    unsigned long days = seconds / DAY;

    printf("up ");
    if (days)
        printf("%lu day%s, ", days, days == 1 ? "" : "s");
    printf("%lu:%02lu:%02lu", seconds / HOUR % 24, seconds / MINUTE % 60, seconds % MINUTE);
}

static void print_load(void)
{
    char *text = slurp(LOADAVG, NULL);
    double one, five, fifteen;

    if (text && sscanf(text, "%lf %lf %lf", &one, &five, &fifteen) == 3)
        printf(", load average: %.2f, %.2f, %.2f", one, five, fifteen);
    free(text);
}

int main(int argc, char **argv)
{
    char *text, *end;
    unsigned long seconds;

    program_begin(argv, "uptime");
    if (argc > 1)
        program_usage(2, "uptime");
    text = slurp(UPTIME, NULL);
    if (!text)
        program_die(1, UPTIME);
    seconds = strtoul(text, &end, 10);
    if (end == text) {
        program_complain("%s: not a number", UPTIME);
        free(text);
        return 1;
    }
    free(text);
    print_duration(seconds);
    print_load();
    putchar('\n');
    return program_finish(0);
}
