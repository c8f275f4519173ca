/*
 * write_all.c - see write_all.h.
 */
#include "userland/c/lib/write_all.h"

#include <errno.h>
#include <unistd.h>

int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        data += written;
        length -= (size_t)written;
    }
    return 0;
}
