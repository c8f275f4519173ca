/*
 * tee.c - tee [-a] [file...]: copies standard input to standard output and to each file.
 *
 * -a adds to the files. A file that cannot be opened or written is named and left out; the others
 * go on, and the status is 1. Nothing is held back: what was read is written at once.
 */
#include "userland/c/lib/program.h"
#include "userland/c/lib/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE 65536

struct output {
    const char *name;
    int fd; /* -1: no longer */
};

static int outputs_write(struct output *outputs, size_t count, const char *buffer, size_t length)
{
    int status = 0;

    for (size_t i = 0; i < count; i++) {
        if (outputs[i].fd < 0 || write_all(outputs[i].fd, buffer, length) == 0)
            continue;
        program_warn(outputs[i].name);
        outputs[i].fd = -1;
        status = 1;
    }
    return status;
}

static int copy(struct output *outputs, size_t count)
{
    static char buffer[BUFFER_SIZE];
    int status = 0;
    ssize_t n;

    while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) != 0) {
        if (n > 0) {
            status |= outputs_write(outputs, count, buffer, (size_t)n);
        } else if (errno != EINTR) {
            program_warn("standard input");
            return 1;
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    int option, status = 0, how = O_TRUNC;
    struct output *outputs;
    size_t count = 0;

    program_begin(argv, "tee");
    while ((option = getopt(argc, argv, "a")) != -1) {
        if (option == '?')
            program_usage(2, "tee [-a] [file...]");
        how = O_APPEND;
    }
    outputs = calloc((size_t)(argc - optind) + 1, sizeof(*outputs));
    if (!outputs)
        program_die(1, "memory");
    outputs[count++] = (struct output){"standard output", STDOUT_FILENO};
    for (int i = optind; i < argc; i++, count++) {
        outputs[count] = (struct output){argv[i], open(argv[i], O_WRONLY | O_CREAT | how, 0666)};
        if (outputs[count].fd < 0) {
            program_warn(argv[i]);
            status = 1;
        }
    }
    status |= copy(outputs, count);
    free(outputs);
    return status;
}
