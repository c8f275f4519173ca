/*
 * builtins.c - the table of builtins, and those that are about commands: help, command, type.
 *
 * The table is sorted as help prints it. A utility that is a program as well (echo, test, kill,
 * printf) has its work in lib/.
 */
#include "userland/c/sh/builtins.h"

#include "userland/c/lib/command.h"
#include "userland/c/lib/program.h"
#include "userland/c/sh/builtins_dir.h"
#include "userland/c/sh/builtins_flow.h"
#include "userland/c/sh/builtins_jobs.h"
#include "userland/c/sh/builtins_vars.h"
#include "userland/c/sh/history.h"
#include "userland/c/sh/path.h"
#include "userland/c/sh/simple.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int builtin_true(struct shell *sh, int argc, char **argv)
{
    (void)sh, (void)argc, (void)argv;
    return 0;
}

static int builtin_false(struct shell *sh, int argc, char **argv)
{
    (void)sh, (void)argc, (void)argv;
    return 1;
}

static int builtin_echo(struct shell *sh, int argc, char **argv)
{
    (void)sh;
    return command_echo(argc, argv);
}

static int builtin_printf(struct shell *sh, int argc, char **argv)
{
    (void)sh;
    return command_printf(argc, argv);
}

static int builtin_test(struct shell *sh, int argc, char **argv)
{
    (void)sh;
    return command_test(argc, argv);
}

/* One line for "command -v" and "type" (VERBOSE); 1 if NAME is nothing. */
static int describe(struct shell *sh, const char *name, bool verbose)
{
    const struct builtin *builtin = builtins_find(name);
    char *path;

    if (function_find(sh, name) || builtin) {
        if (!verbose)
            puts(name);
        else
            printf("%s is a shell %s\n", name, function_find(sh, name) ? "function" : "builtin");
        return 0;
    }
    path = path_find(sh, name);
    if (path && verbose)
        printf("%s is %s\n", name, path);
    else if (path)
        puts(path);
    else if (verbose)
        program_complain("%s: not found", name);
    free(path);
    return path ? 0 : 1;
}

static int builtin_type(struct shell *sh, int argc, char **argv)
{
    int status = 0;

    for (int i = 1; i < argc; i++)
        status |= describe(sh, argv[i], true);
    return status;
}

static int builtin_command(struct shell *sh, int argc, char **argv)
{
    int status = 0;

    if (argc < 2)
        return 0;
    if (strcmp(argv[1], "-v") != 0 && strcmp(argv[1], "-V") != 0) {
        program_name = sh->title; /* builtin_run puts it back */
        return simple_execute_words(sh, argc - 1, argv + 1);
    }
    for (int i = 2; i < argc; i++)
        status |= describe(sh, argv[i], argv[1][1] == 'V');
    return status;
}

static int builtin_history(struct shell *sh, int argc, char **argv)
{
    const struct history *history = sh->history;

    (void)argc, (void)argv;
    for (size_t i = 0; history && i < history->lines.count; i++)
        printf("%5zu  %s\n", history->forgotten + i + 1, history->lines.items[i]);
    return 0;
}

static int builtin_help(struct shell *sh, int argc, char **argv);

static const struct builtin builtins[] = {
    {".", builtin_dot, true, ". file                    run a file's commands in this shell"},
    {":", builtin_true, true, ":                         do nothing"},
    {"[", builtin_test, false, "[ expression ]            like test"},
    {"bg", builtin_fg, false, "bg [%job]                 let a stopped job run on"},
    {"break", builtin_break, true, "break [n]                 leave a loop"},
    {"cd", builtin_cd, false, "cd [directory | -]        change the working directory"},
    {"command", builtin_command, false, "command [-v|-V] name ...  run or find a program"},
    {"continue", builtin_break, true, "continue [n]              next round of a loop"},
    {"echo", builtin_echo, false, "echo [-n] [word...]       print words"},
    {"eval", builtin_eval, true, "eval [word...]            run words as a command"},
    {"exec", builtin_exec, true, "exec [program [arg...]]   become a program"},
    {"exit", builtin_exit, true, "exit [status]             end the shell"},
    {"export", builtin_export, true, "export [name[=value]...]  put variables into programs' env"},
    {"false", builtin_false, false, "false                     fail"},
    {"fg", builtin_fg, false, "fg [%job]                 bring a job to the foreground"},
    {"help", builtin_help, false, "help                      this list"},
    {"history", builtin_history, false, "history                   list the lines typed before"},
    {"jobs", builtin_jobs, false, "jobs                      list background jobs"},
    {"kill", builtin_kill, false, "kill [-signal] pid|%job   send a signal; -l lists them"},
    {"local", builtin_local, true, "local name[=value]...     variables of a function"},
    {"printf", builtin_printf, false, "printf format [arg...]    formatted output"},
    {"pwd", builtin_pwd, false, "pwd [-P]                  name of the working directory"},
    {"read", builtin_read, false, "read [-r] [name...]       read a line into variables"},
    {"readonly", builtin_export, true, "readonly [name[=value]..] make variables constant"},
    {"return", builtin_return, true, "return [status]           leave a function"},
    {"set", builtin_set, true, "set [-+efux] [--] [arg..] options and parameters"},
    {"shift", builtin_shift, true, "shift [n]                 drop parameters"},
    {"test", builtin_test, false, "test expression           check files, strings, numbers"},
    {"trap", builtin_trap, true, "trap [command] EXIT       run a command at the end"},
    {"true", builtin_true, false, "true                      succeed"},
    {"type", builtin_type, false, "type name...              what a command is"},
    {"umask", builtin_umask, false, "umask [mode]              bits new files do not get"},
    {"unset", builtin_unset, true, "unset [-f] name...        forget variables or functions"},
    {"wait", builtin_wait, false, "wait [pid|%job...]        wait for background jobs"},
};

#define BUILTIN_COUNT (sizeof(builtins) / sizeof(builtins[0]))

static int builtin_help(struct shell *sh, int argc, char **argv)
{
    (void)sh, (void)argc, (void)argv;
    puts("Commands of the shell (programs are in /bin, examples in /examples and /asm):");
    for (size_t i = 0; i < BUILTIN_COUNT; i++)
        printf("  %s\n", builtins[i].usage);
    return 0;
}

const struct builtin *builtins_find(const char *name)
{
    for (size_t i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return &builtins[i];
    return NULL;
}

const char *builtins_name(size_t index)
{
    return index < BUILTIN_COUNT ? builtins[index].name : NULL;
}
