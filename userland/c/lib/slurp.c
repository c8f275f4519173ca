/*
 * slurp.c - reads a file to its end into a growing buffer; see slurp.h.
 */
#include "userland/c/lib/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define SLURP_STEP 4096

/* Reads FD to its end. On failure the buffer is freed and errno says why. */
static char *slurp_descriptor(int fd, size_t *length)
{
    char *data = NULL;
    size_t used = 0;
    ssize_t got = 0;

    do {
        char *larger = realloc(data, used + SLURP_STEP + 1);

        if (!larger)
            got = -1;
        else {
            data = larger;
            got = read(fd, data + used, SLURP_STEP);
        }
        if (got > 0)
            used += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0) {
        free(data);
        return NULL;
    }
    data[used] = '\0';
    *length = used;
    return data;
}

char *slurp(const char *path, size_t *length)
{
    size_t ignored;
    int saved, fd = open(path, O_RDONLY | O_CLOEXEC);
    char *data;

    if (fd < 0)
        return NULL;
    data = slurp_descriptor(fd, length ? length : &ignored);
    saved = errno;
    close(fd);
    errno = saved;
    return data;
}
