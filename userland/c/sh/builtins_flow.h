/*
 * builtins_flow.h - the builtins break, continue, return, exit, eval, ".", exec, trap.
 *
 * They set sh->flow (shell.h) for what is around them to heed. Each takes its argument vector and
 * returns its status; argv[0] tells names apart that share a function.
 */
#ifndef SH_BUILTINS_FLOW_H
#define SH_BUILTINS_FLOW_H

#include "userland/c/sh/shell.h"

int builtin_break(struct shell *sh, int argc, char **argv); /* and continue */
int builtin_dot(struct shell *sh, int argc, char **argv);
int builtin_eval(struct shell *sh, int argc, char **argv);
int builtin_exec(struct shell *sh, int argc, char **argv);
int builtin_exit(struct shell *sh, int argc, char **argv);
int builtin_return(struct shell *sh, int argc, char **argv);
int builtin_trap(struct shell *sh, int argc, char **argv);

#endif
