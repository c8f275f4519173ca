/*
 * builtins_flow.c - builtins that change what runs next: break, continue, return, exit, eval,
 * ".", exec and trap.
 *
 * They set sh->flow (shell.h) and leave it to loops, functions and the main loop to heed it.
 * The shell has no signal handlers, so trap knows the end of the shell (EXIT), and for signals
 * only to ignore them ('') or to let them act (-).
 */
#include "userland/c/sh/builtins_flow.h"

#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"
#include "userland/c/lib/signame.h"
#include "userland/c/sh/launch.h"
#include "userland/c/sh/path.h"
#include "userland/c/sh/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_MASK 0xff

/* The number in argv[1], or FALLBACK without one. False (said) if it is malformed. */
static bool operand(int argc, char **argv, long fallback, long *number)
{
    *number = fallback;
    if (argc < 2 || number_parse_long(argv[1], number))
        return true;
    program_complain("%s: not a number", argv[1]);
    return false;
}

int builtin_break(struct shell *sh, int argc, char **argv)
{
    long levels;

    if (!operand(argc, argv, 1, &levels))
        return STATUS_ERROR;
    if (levels < 1) {
        program_complain("%ld: not a number of loops", levels);
        return STATUS_ERROR;
    }
    if (sh->loop_depth == 0)
        return 0;
    sh->flow = argv[0][0] == 'b' ? FLOW_BREAK : FLOW_CONTINUE;
    sh->flow_levels = levels < sh->loop_depth ? (int)levels : sh->loop_depth;
    return 0;
}

int builtin_return(struct shell *sh, int argc, char **argv)
{
    long status;

    if (!operand(argc, argv, sh->status, &status))
        return STATUS_ERROR;
    if (sh->function_depth == 0 && sh->dot_depth == 0) {
        program_complain("not in a function");
        return STATUS_ERROR;
    }
    sh->status = (int)(status & STATUS_MASK);
    sh->flow = FLOW_RETURN;
    return sh->status;
}

int builtin_exit(struct shell *sh, int argc, char **argv)
{
    long status;

    if (!operand(argc, argv, sh->status, &status))
        status = STATUS_ERROR;
    sh->status = (int)(status & STATUS_MASK);
    sh->flow = FLOW_EXIT;
    return sh->status;
}

int builtin_eval(struct shell *sh, int argc, char **argv)
{
    const char *former = program_name;
    struct strbuf text = {0};
    int status;

    for (int i = 1; i < argc; i++) {
        if (i > 1)
            strbuf_append_char(&text, ' ');
        strbuf_append_string(&text, argv[i]);
    }
    program_name = sh->title;
    status = run_string(sh, strbuf_text(&text));
    program_name = former;
    strbuf_free(&text);
    return status;
}

/* A name without a slash is looked for in PATH; the file need not be executable. */
static int dot_open(const struct shell *sh, const char *name)
{
    const char *path = vars_get(&sh->vars, "PATH");
    struct strbuf full = {0};
    int fd = -1;

    if (strchr(name, '/'))
        return run_open(name);
    errno = ENOENT;
    while (path && fd < 0) {
        size_t length = strcspn(path, ":");

        strbuf_truncate(&full, 0);
        strbuf_append(&full, path, length);
        strbuf_append_string(&full, length ? "/" : "./");
        strbuf_append_string(&full, name);
        fd = run_open(full.data);
        path = path[length] ? path + length + 1 : NULL;
    }
    strbuf_free(&full);
    return fd;
}

int builtin_dot(struct shell *sh, int argc, char **argv)
{
    const char *former = program_name;
    struct input input;
    int fd, status;

    if (argc < 2) {
        program_complain("file name expected");
        return STATUS_ERROR;
    }
    fd = dot_open(sh, argv[1]);
    if (fd < 0) {
        program_warn(argv[1]);
        shell_abort(sh);
        return STATUS_ERROR;
    }
    input_open_fd(&input, fd, INPUT_SCRIPT);
    program_name = sh->title;
    sh->dot_depth++;
    status = run_input(sh, &input);
    program_name = former;
    sh->dot_depth--;
    input_close(&input);
    if (sh->flow == FLOW_RETURN) {
        sh->flow = FLOW_NORMAL;
        status = sh->status;
    }
    return status;
}

int builtin_exec(struct shell *sh, int argc, char **argv)
{
    if (argc < 2)
        return 0;
    program_name = sh->title;
    launch_default_signals(sh);
    sh->status = path_exec(sh, argv + 1);
    if (sh->interactive && !sh->in_child)
        launch_ignore_signals();
    else
        sh->flow = FLOW_EXIT;
    return sh->status;
}

static int trap_one(struct shell *sh, const char *action, const char *condition)
{
    struct sigaction disposition = {.sa_handler = *action ? SIG_DFL : SIG_IGN};
    int number = signame_parse(condition);

    if (strcmp(condition, "EXIT") == 0 || number == 0) {
        free(sh->exit_trap);
        sh->exit_trap = strcmp(action, "-") == 0 ? NULL : mem_strdup(action);
        return 0;
    }
    if (number < 0) {
        program_complain("%s: no such condition", condition);
        return 1;
    }
    if (*action && strcmp(action, "-") != 0) {
        program_complain("%s: a signal can only be ignored ('') or not (-)", condition);
        return 1;
    }
    if (sigaction(number, &disposition, NULL) < 0) {
        program_warn(condition);
        return 1;
    }
    return 0;
}

int builtin_trap(struct shell *sh, int argc, char **argv)
{
    const char *action = "-";
    int first = 1, status = 0;

    if (argc > 1 && strcmp(argv[1], "--") == 0)
        first++;
    if (first == argc) {
        if (sh->exit_trap)
            printf("trap -- '%s' EXIT\n", sh->exit_trap);
        return 0;
    }
    if (argc - first > 1)
        action = argv[first++];
    for (int i = first; i < argc; i++)
        status |= trap_one(sh, action, argv[i]);
    return status;
}
