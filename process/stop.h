/*
 * Stopping and continuing: what SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU and SIGCONT do by default.
 * POSIX 1003.1-2017, 2.4.3; signal(7).
 */
#pragma once

/*
 * Stops the running process: all its tasks, its parent is told. A stop other than by SIGSTOP is
 * ignored in an orphaned group. Returns when the process has been continued or is to end.
 */
void process_stop(int sig);

/* Sleeps while the running task's process is stopped. */
void process_stop_wait(void);
