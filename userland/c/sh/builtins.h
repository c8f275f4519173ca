/*
 * builtins.h - the commands built into the shell.
 */
#ifndef SH_BUILTINS_H
#define SH_BUILTINS_H

#include "userland/c/sh/shell.h"

/* The builtin of this name, or NULL. It is shell.h's builtin_find. */
const struct builtin *builtins_find(const char *name);

/* The names in order; NULL after the last. */
const char *builtins_name(size_t index);

#endif
