/*
 * builtins_vars.h - the builtins export, readonly, local, unset, set, shift, read.
 *
 * They change variables, options and positional parameters. Each takes its argument vector and
 * returns its status; argv[0] tells names apart that share a function.
 */
#ifndef SH_BUILTINS_VARS_H
#define SH_BUILTINS_VARS_H

#include "userland/c/sh/shell.h"

int builtin_export(struct shell *sh, int argc, char **argv); /* and readonly */
int builtin_local(struct shell *sh, int argc, char **argv);
int builtin_read(struct shell *sh, int argc, char **argv);
int builtin_set(struct shell *sh, int argc, char **argv);
int builtin_shift(struct shell *sh, int argc, char **argv);
int builtin_unset(struct shell *sh, int argc, char **argv);

#endif
