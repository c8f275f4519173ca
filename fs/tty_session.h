/*
 * Terminals and sessions: which session a terminal controls, which of its process groups is in the
 * foreground, and what happens to the others who use it. POSIX 1003.1-2017, 11.1; credentials(7).
 */
#pragma once

#include "lib/types.h"

struct process;
struct tty;

/* The running process's controlling terminal, or NULL. */
struct tty *tty_session_current(void);

/*
 * Whether the running process may use its terminal now; one in the background gets `sig` (SIGTTIN
 * to read, SIGTTOU to change or write) with its whole group. 0; -EINTR: the signal was sent;
 * -EIO: it would go unheard (an orphaned group, or SIGTTIN ignored).
 */
int tty_session_check(struct tty *tty, int sig);

/* A terminal is opened without O_NOCTTY: it becomes that of a session leader who has none. */
void tty_session_open(struct tty *tty);

/* TIOCSCTTY, with `steal` from another session (superuser only): 0 or -EPERM. */
int tty_session_acquire(struct tty *tty, bool steal);

/* TIOCNOTTY: 0 or -ENOTTY. */
int tty_session_release(struct tty *tty);

/* TIOCGPGRP, TIOCSPGRP, TIOCGSID: a number or 0; -ENOTTY, -EPERM, -ESRCH, -EINVAL, -EINTR. */
int64_t tty_session_foreground(struct tty *tty);
int tty_session_set_foreground(struct tty *tty, pid_t group);
int64_t tty_session_id(struct tty *tty);

/*
 * A session leader exits: its terminal loses the session, the foreground group gets SIGHUP and
 * SIGCONT. Nothing happens for other processes. process_lock is not held.
 */
void tty_session_exit(struct process *leader);

/*
 * The tty's device number and foreground group for /proc/PID/stat; 0 and -1 without one.
 * process_lock is held.
 */
void tty_describe(struct process *process, uint64_t *rdev, pid_t *foreground);
