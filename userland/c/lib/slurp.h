/*
 * slurp.h - a whole small file in memory, for the files of /proc.
 */
#ifndef USERLAND_LIB_SLURP_H
#define USERLAND_LIB_SLURP_H

#include <stddef.h>

/*
 * The file's bytes, malloc'ed, with a NUL after them; the caller frees. *LENGTH, if not NULL,
 * gets how many. NULL with errno set on failure. Files of /proc have no size, so it reads
 * to the end.
 */
char *slurp(const char *path, size_t *length);

#endif
