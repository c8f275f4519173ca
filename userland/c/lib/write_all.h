/*
 * write_all.h - write(2) until all is written.
 */
#ifndef USERLAND_LIB_WRITE_ALL_H
#define USERLAND_LIB_WRITE_ALL_H

#include <stddef.h>

/* Writes LENGTH bytes, over partial writes and interruptions. 0, or -1 with errno. */
int write_all(int fd, const char *data, size_t length);

#endif
