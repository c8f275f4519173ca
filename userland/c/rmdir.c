/*
 * rmdir.c - rmdir directory...: removes empty directories.
 */
#include "userland/c/lib/program.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    int status = 0;

    program_begin(argv, "rmdir");
    if (getopt(argc, argv, "") != -1 || optind == argc)
        program_usage(2, "rmdir directory...");
    for (int i = optind; i < argc; i++) {
        if (rmdir(argv[i])) {
            program_warn(argv[i]);
            status = 1;
        }
    }
    return program_finish(status);
}
