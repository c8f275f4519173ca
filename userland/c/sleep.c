/*
 * sleep.c - sleep TIME[smhd]...: waits for the sum of its arguments.
 *
 * Times are decimal numbers with an optional fraction and an optional unit (seconds, minutes,
 * hours, days). They are taken apart as integers, so 0.1 is exactly 100,000,000 nanoseconds.
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define NANOSECONDS 1000000000L

static long unit_seconds(char unit)
{
    switch (unit) {
    case '\0':
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 60 * 60;
    case 'd':
        return 24 * 60 * 60;
    default:
        return 0;
    }
}

/* Reads the digits after a point as nanoseconds; further digits are dropped. */
static long fraction_parse(const char **text)
{
    long value = 0, weight = NANOSECONDS / 10;

    for (; **text >= '0' && **text <= '9'; (*text)++, weight /= 10)
        value += (**text - '0') * weight;
    return value;
}

/* Adds the time TEXT to *TOTAL; false if it is not one. A time beyond measure is for ever. */
static bool time_add(const char *text, struct timespec *total)
{
    const char *at = text;
    long seconds = 0, nanoseconds = 0, unit, sum;

    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(seconds, 10, &seconds) ||
            __builtin_add_overflow(seconds, *at - '0', &seconds))
            seconds = LONG_MAX / 10 - 1;
    if (*at == '.') {
        at++;
        nanoseconds = fraction_parse(&at);
    }
    unit = unit_seconds(*at);
    if (at == text || (at == text + 1 && text[0] == '.') || !unit || (*at && at[1]))
        return false;
    nanoseconds = nanoseconds * unit + total->tv_nsec; /* 1e9 * 86400 fits a long */
    if (__builtin_mul_overflow(seconds, unit, &seconds) ||
        __builtin_add_overflow(seconds, nanoseconds / NANOSECONDS, &seconds) ||
        __builtin_add_overflow(seconds, total->tv_sec, &sum))
        sum = LONG_MAX;
    total->tv_sec = sum;
    total->tv_nsec = nanoseconds % NANOSECONDS;
    return true;
}

int main(int argc, char **argv)
{
    struct timespec left = {0};

    program_begin(argv, "sleep");
    if (argc < 2)
        program_usage(2, "sleep time[smhd]...");
    for (int i = 1; i < argc; i++) {
        if (!time_add(argv[i], &left)) {
            program_complain("%s: not a time", argv[i]);
            return 2;
        }
    }
    while (nanosleep(&left, &left) < 0)
        if (errno != EINTR)
            program_die(1, "nanosleep");
    return 0;
}
