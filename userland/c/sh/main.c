/*
 * main.c - the shell's start and end.
 *
 *      sh [-efuxi] [-c COMMAND [NAME [ARG...]]]     commands from a string
 *      sh [-efuxi] FILE [ARG...]                    from a file
 *      sh [-efuxi] [-s [ARG...]]                    from standard input
 *
 * The parts, from below: strbuf, arena, fields; ast, wordtext; input; vars, arith, glob; scan,
 * parameter, word, lexer, syntax, parser; jobs, shell; expand; redirect, path, launch; simple,
 * exec; run; builtins; keys, history, edit, draw, complete, editor. A shell is interactive with -i,
 * or when it reads a terminal and writes its messages to one; then it has job control if it can get
 * the terminal.
 */
#include "userland/c/lib/program.h"
#include "userland/c/sh/builtins.h"
#include "userland/c/sh/builtins_dir.h"
#include "userland/c/sh/editor.h"
#include "userland/c/sh/exec.h"
#include "userland/c/sh/launch.h"
#include "userland/c/sh/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

struct invocation {
    const char *command; /* of -c */
    const char *file;
    bool interactive, from_input;
};

static _Noreturn void usage(void)
{
    program_usage(STATUS_ERROR,
                  "sh [-efisux] [-c command [name [argument...]] | file [argument...]]");
}

/* Reads the options; returns the index of the first operand. */
static int parse_options(struct shell *sh, struct invocation *invocation, int argc, char **argv)
{
    bool command = false;
    int at = 1;

    for (; at < argc && (argv[at][0] == '-' || argv[at][0] == '+') && argv[at][1]; at++) {
        bool on = argv[at][0] == '-';

        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        for (const char *letter = argv[at] + 1; *letter; letter++) {
            if (*letter == 'c')
                command = true;
            else if (*letter == 'i')
                invocation->interactive = on;
            else if (*letter == 's')
                invocation->from_input = on;
            else if (!shell_option_set(sh, *letter, on))
                usage();
        }
    }
    if (command && at == argc)
        usage();
    if (command)
        invocation->command = argv[at++];
    return at;
}

/* Sets $0 and the positional parameters from what follows the options. */
static void take_operands(struct shell *sh, struct invocation *invocation, int argc, char **argv,
                          int at)
{
    sh->name = argc > 0 && argv[0] ? argv[0] : "sh";
    if (invocation->command && at < argc)
        sh->name = argv[at++];
    else if (!invocation->command && !invocation->from_input && at < argc)
        sh->name = invocation->file = argv[at++];
    arguments_replace(sh, argv + at, at < argc ? argc - at : 0);
}

/* Makes the shell the foreground group of its terminal; without one there is no job control. */
static void start_job_control(struct shell *sh)
{
    int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);

    if (fd < 0)
        return;
    setpgid(0, 0); /* fails for a session's leader, who leads its group already */
    if (tcgetpgrp(fd) < 0 || tcsetpgrp(fd, getpgrp()) < 0) {
        close(fd);
        return;
    }
    sh->terminal = fd;
    sh->job_control = true;
}

static void start_interactive(struct shell *sh, const struct invocation *invocation)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);

    sh->interactive =
        invocation->interactive || (!invocation->command && !invocation->file && terminal);
    if (!sh->interactive)
        return;
    launch_ignore_signals();
    if (terminal)
        start_job_control(sh);
}

static void run_file(struct shell *sh, const char *file)
{
    struct input input;
    int fd = run_open(file);

    if (fd < 0) {
        program_complain("%s: %s", file, strerror(errno));
        sh->status = errno == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
        return;
    }
    input_open_fd(&input, fd, INPUT_SCRIPT);
    sh->status = run_input(sh, &input);
    input_close(&input);
}

static void run_standard_input(struct shell *sh)
{
    struct editor editor;
    struct input input;

    editor_init(&editor, sh);
    input_open_fd(&input, STDIN_FILENO, input_kind_of(STDIN_FILENO, sh->interactive));
    input.prompt = run_prompt;
    input.prompt_context = sh;
    input.edit = editor_read;
    input.edit_context = &editor;
    sh->standard_input = &input;
    sh->status = run_input(sh, &input);
    sh->standard_input = NULL;
    if (input.kind == INPUT_TERMINAL && sh->flow != FLOW_EXIT)
        fputc('\n', stderr);
    input_close(&input);
    editor_free(&editor);
}

/* Runs what trap left for the end. Its own exit, if any, decides the status. */
static void run_exit_trap(struct shell *sh)
{
    char *action = sh->exit_trap;
    int status = sh->status;

    if (!action)
        return;
    sh->exit_trap = NULL;
    sh->flow = FLOW_NORMAL;
    run_string(sh, action);
    if (sh->flow != FLOW_EXIT)
        sh->status = status;
    free(action);
}

int main(int argc, char **argv)
{
    struct shell sh = {.pid = getpid(),
                       .execute = exec_node,
                       .substitute = exec_substitute,
                       .builtin_find = builtins_find,
                       .builtin_name = builtins_name};
    struct invocation invocation = {0};
    int operands;

    program_begin(argv, "sh");
    sh.title = program_name;
    operands = parse_options(&sh, &invocation, argc, argv);
    take_operands(&sh, &invocation, argc, argv, operands);
    vars_import(&sh.vars, environ);
    vars_restore(&sh.vars, "IFS", " \t\n", false); /* POSIX 2.5.3: not from the environment */
    builtins_init_directory(&sh);
    start_interactive(&sh, &invocation);
    if (invocation.command)
        sh.status = run_string(&sh, invocation.command);
    else if (invocation.file)
        run_file(&sh, invocation.file);
    else
        run_standard_input(&sh);
    run_exit_trap(&sh);
    sh.status = program_finish(sh.status);
    shell_free(&sh);
    return sh.status;
}
