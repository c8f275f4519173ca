/*
 * builtins_dir.h - the builtins cd, pwd, umask.
 *
 * They change what the kernel keeps for the process: directory and mask. Each takes its argument
 * vector and returns its status; argv[0] tells names apart that share a function.
 */
#ifndef SH_BUILTINS_DIR_H
#define SH_BUILTINS_DIR_H

#include "userland/c/sh/shell.h"

int builtin_cd(struct shell *sh, int argc, char **argv);
int builtin_pwd(struct shell *sh, int argc, char **argv);
int builtin_umask(struct shell *sh, int argc, char **argv);

/* The shell's start: sets PWD, if it does not name the working directory already. */
void builtins_init_directory(struct shell *sh);

#endif
