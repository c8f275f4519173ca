/*
 * path.h - finds programs in PATH and runs them.
 */
#ifndef SH_PATH_H
#define SH_PATH_H

#include "userland/c/sh/shell.h"

/* The file that NAME would run, malloc'ed; NULL if there is none. */
char *path_find(const struct shell *sh, const char *name);

/*
 * Replaces the process by the program argv[0]; returns only on failure, which has been said,
 * with the status: 127 not found, 126 found but not runnable. A text file without "#!" is run
 * by /bin/sh.
 */
int path_exec(struct shell *sh, char **argv);

#endif
