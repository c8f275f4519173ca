/*
 * command.h - utilities that are both a program in /bin and built into the shell.
 *
 * Each takes its argument vector and returns its exit status. It writes through stdio and
 * does not flush: the program's main or the shell does (see program_finish). Messages begin
 * with program_name, which the shell sets to the utility's name for the while.
 */
#ifndef USERLAND_LIB_COMMAND_H
#define USERLAND_LIB_COMMAND_H

/* echo [-n] [word...]: no escapes are interpreted. */
int command_echo(int argc, char **argv);

/* kill [-SIGNAL | -s SIGNAL] pid...; kill -l [status]. */
int command_kill(int argc, char **argv);

/* test EXPRESSION, or [ EXPRESSION ] if argv[0] is "[". 0 true, 1 false, 2 error. */
int command_test(int argc, char **argv);

/* printf FORMAT [argument...]. */
int command_printf(int argc, char **argv);

#endif
