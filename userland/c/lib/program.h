/*
 * program.h - what every program does alike: its messages and its end.
 *
 * A message is "prog: thing: reason" on standard error. A program's last act is
 * program_finish, which flushes standard output and notices a write that failed late (a full
 * disk, a closed pipe), so that no program reports success for output that never arrived.
 */
#ifndef USERLAND_LIB_PROGRAM_H
#define USERLAND_LIB_PROGRAM_H

/* The name in front of messages; argv[0] without its directories once program_begin ran. */
extern const char *program_name;

/* Sets program_name. argv[0] may be missing (execve allows it): then FALLBACK is the name. */
void program_begin(char **argv, const char *fallback);

/* "prog: THING: strerror(errno)". errno is kept. */
void program_warn(const char *thing);

/* "prog: " and the formatted message. */
void program_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* program_warn and exit with STATUS (standard output is flushed first). */
_Noreturn void program_die(int status, const char *thing);

/* Prints "usage: TEXT" and exits with STATUS. */
_Noreturn void program_usage(int status, const char *text);

/* Flushes standard output. Returns STATUS, or FAILURE (said on stderr) if a write failed. */
int program_finish_or(int status, int failure);

/* The same with failure status 1. */
int program_finish(int status);

#endif
