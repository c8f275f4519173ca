/*
 * run.h - reads commands and runs them, one after the other.
 */
#ifndef SH_RUN_H
#define SH_RUN_H

#include "userland/c/sh/input.h"
#include "userland/c/sh/shell.h"

/*
 * Runs what INPUT holds until it ends or sh->flow says so. At the terminal an error only ends the
 * command it is in. Returns the status of the last command, 0 if there was none.
 */
int run_input(struct shell *sh, struct input *input);

/* The same with the text of a string. */
int run_string(struct shell *sh, const char *text);

/* Opens a file as a script on a descriptor of the shell's own; -1 with errno set. */
int run_open(const char *path);

/* input.h's prompt function: PS1, or PS2 in the middle of a command, on standard error. */
void run_prompt(void *shell, bool continued);

/* The expanded prompt, PS2 if CONTINUED; malloc'ed. What was printed before it is flushed. */
char *run_prompt_text(struct shell *sh, bool continued);

#endif
