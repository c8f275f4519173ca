/*
 * cat.c - cat [-u] [file...]: copies files, or standard input, to standard output.
 *
 * A file named "-" is standard input. Bytes go straight from read to write, never through
 * stdio, so nothing is kept back (-u, which asks for that, is accepted). A file that cannot be
 * read is reported and the others are still copied; the status is then 1. If output fails
 * there is no use in going on.
 */
#include "userland/c/lib/program.h"
#include "userland/c/lib/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536

/* Returns the exit status: 0, or 1 with the error said. */
static int copy(int fd, const char *name)
{
    static char buffer[CHUNK];

    for (;;) {
        ssize_t got = read(fd, buffer, sizeof(buffer));

        if (got == 0)
            return 0;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            program_warn(name);
            return 1;
        }
        if (write_all(STDOUT_FILENO, buffer, (size_t)got))
            program_die(1, "write error");
    }
}

static int copy_file(const char *name)
{
    int status, fd;

    if (strcmp(name, "-") == 0)
        return copy(STDIN_FILENO, "standard input");
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        program_warn(name);
        return 1;
    }
    status = copy(fd, name);
    close(fd);
    return status;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    program_begin(argv, "cat");
    while ((option = getopt(argc, argv, "u")) != -1)
        if (option != 'u')
            program_usage(2, "cat [-u] [file...]");
    if (optind == argc)
        return copy(STDIN_FILENO, "standard input");
    for (int i = optind; i < argc; i++)
        status |= copy_file(argv[i]);
    return status;
}
