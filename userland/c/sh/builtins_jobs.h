/*
 * builtins_jobs.h - the builtins jobs, wait, fg, bg, kill.
 *
 * They know the table of jobs (jobs.h). Each takes its argument vector and
 * returns its status; argv[0] tells names apart that share a function.
 */
#ifndef SH_BUILTINS_JOBS_H
#define SH_BUILTINS_JOBS_H

#include "userland/c/sh/shell.h"

int builtin_fg(struct shell *sh, int argc, char **argv); /* and bg */
int builtin_jobs(struct shell *sh, int argc, char **argv);
int builtin_kill(struct shell *sh, int argc, char **argv);
int builtin_wait(struct shell *sh, int argc, char **argv);

#endif
