/*
 * clear.c - clears the terminal and puts the cursor into its first line.
 *
 * The sequences are ECMA-48's: CUP to the first line and column, ED of all there is.
 */
#include "userland/c/lib/program.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    program_begin(argv, "clear");
    if (argc > 1)
        program_usage(2, "clear");
    fputs("\033[H\033[2J", stdout);
    return program_finish(0);
}
