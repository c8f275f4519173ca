/*
 * test.c - evaluates a condition; also installed as [.
 *
 * The work is command_test, which the shell has built in as well; see lib/command.h
 * for its arguments. What is left here is the frame of a program: its name in messages,
 * and noticing when its output could not be written.
 */
#include "userland/c/lib/command.h"
#include "userland/c/lib/program.h"

int main(int argc, char **argv)
{
    int status;

    program_begin(argv, "test");
    status = command_test(argc, argv);
    return program_finish_or(status, 2);
}
