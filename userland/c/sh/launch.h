/*
 * launch.h - children: forking them into jobs, giving them the terminal, and waiting.
 */
#ifndef SH_LAUNCH_H
#define SH_LAUNCH_H

#include "userland/c/sh/shell.h"

/*
 * Forks a process into JOB. In the parent: its pid, or -1 (said). In the child: 0, and the child
 * is a subshell already: own process group and terminal if there is job control, default
 * signals, no jobs. In the BACKGROUND without job control it ignores SIGINT and SIGQUIT, and
 * its standard input is /dev/null.
 */
pid_t launch_fork(struct shell *sh, struct job *job, bool background);

/*
 * Waits for the job in the foreground, takes the terminal back, says what signal ended it.
 * Returns its status. Removes the job unless it is stopped: then it is one in the background.
 */
int launch_wait(struct shell *sh, struct job *job);

/* Lets a stopped or background job run on, in the foreground or not. False (said) on failure. */
bool launch_continue(struct shell *sh, struct job *job, bool foreground);

/* The signals an interactive shell ignores. */
void launch_ignore_signals(void);

/* Undoes that, if this shell did it: before it becomes a program. */
void launch_default_signals(const struct shell *sh);

/* Flushes standard output, noticing failure, and ends a child with STATUS. */
_Noreturn void launch_end(int status);

#endif
