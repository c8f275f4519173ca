/*
 * seq.c - seq [first [step]] last: prints whole numbers, one on each line.
 *
 * first and step are 1 if not given; step may be negative, but not 0.
 */
#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <stdbool.h>
#include <stdio.h>

static bool goes_on(long value, long step, long last)
{
    return step > 0 ? value <= last : value >= last;
}

static void numbers_print(long first, long step, long last)
{
    long value = first;

    while (goes_on(value, step, last)) {
        printf("%ld\n", value);
        if (__builtin_add_overflow(value, step, &value))
            return;
    }
}

int main(int argc, char **argv)
{
    long first = 1, step = 1, last = 0;

    program_begin(argv, "seq");
    if (argc < 2 || argc > 4 || !number_parse_long(argv[argc - 1], &last) ||
        (argc > 2 && !number_parse_long(argv[1], &first)) ||
        (argc > 3 && !number_parse_long(argv[2], &step)))
        program_usage(2, "seq [first [step]] last");
    if (step == 0) {
        program_complain("the step is 0");
        return 2;
    }
    numbers_print(first, step, last);
    return program_finish(0);
}
