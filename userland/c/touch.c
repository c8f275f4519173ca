/*
 * touch.c - touch [-c] file...: sets a file's times to now; makes it if it is not there (not with
 * -c).
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0, or -1 with errno. */
static int touch(const char *path, bool create)
{
    int fd;

    if (utimensat(AT_FDCWD, path, NULL, 0) == 0)
        return 0;
    if (errno != ENOENT)
        return -1;
    if (!create)
        return 0;
    fd = open(path, O_WRONLY | O_CREAT | O_NOCTTY | O_NONBLOCK, 0666);
    return fd < 0 ? -1 : close(fd);
}

int main(int argc, char **argv)
{
    bool create = true;
    int option, status = 0;

    program_begin(argv, "touch");
    while ((option = getopt(argc, argv, "c")) != -1) {
        if (option == '?')
            program_usage(2, "touch [-c] file...");
        create = false;
    }
    if (optind == argc)
        program_usage(2, "touch [-c] file...");
    for (int i = optind; i < argc; i++) {
        if (touch(argv[i], create)) {
            program_warn(argv[i]);
            status = 1;
        }
    }
    return program_finish(status);
}
