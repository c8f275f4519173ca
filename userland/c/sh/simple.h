/*
 * simple.h - runs simple commands.
 */
#ifndef SH_SIMPLE_H
#define SH_SIMPLE_H

#include "userland/c/sh/shell.h"

/* Runs a NODE_SIMPLE; returns its status. FLAGS as in exec_flags.h. */
int simple_execute(struct shell *sh, const struct node *node, int flags);

/* Runs a command given as words, without looking for functions (the builtin "command"). */
int simple_execute_words(struct shell *sh, int argc, char **argv);

/* Says that the variable is read-only and stops what is going on; returns false. */
bool simple_readonly(struct shell *sh, const char *name);

#endif
