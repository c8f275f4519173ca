/*
 * yes.c - yes [word...]: says it again and again, until nobody listens.
 *
 * Ends when a write fails; a reader that goes away sends SIGPIPE, which is the usual end.
 * stdio gathers the lines into blocks, so a pipe is filled as fast as the kernel can copy.
 */
#include "userland/c/lib/program.h"

#include <stdio.h>

static void line_print(char **words)
{
    if (!*words) {
        fputs("y\n", stdout);
        return;
    }
    for (; *words; words++) {
        fputs(*words, stdout);
        putchar(words[1] ? ' ' : '\n');
    }
}

int main(int argc, char **argv)
{
    program_begin(argv, "yes");
    do {
        line_print(argv + (argc > 0));
    } while (!ferror(stdout));
    program_die(1, "write error"); /* errno is still the failed write's */
}
