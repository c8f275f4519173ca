/*
 * simple.c - simple commands: expansion, redirections, assignments, and whom they reach.
 *
 * The order is POSIX's (2.9.1): words are expanded first, then redirections happen, then
 * assignments. The first word is a special builtin, a function, a builtin or a program, looked
 * for in this order. What runs inside the shell has its redirections and assignments taken back
 * afterwards, save a special builtin's assignments and "exec" without a command.
 *
 * A function's body is run through sh->execute, since the tree walker is above this file.
 */
#include "userland/c/sh/simple.h"

#include "userland/c/lib/program.h"
#include "userland/c/sh/exec_flags.h"
#include "userland/c/sh/expand.h"
#include "userland/c/sh/launch.h"
#include "userland/c/sh/path.h"
#include "userland/c/sh/redirect.h"

#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

/* One simple command on its way. */
struct command {
    const struct node *node;
    struct fields words;
    int flags;
};

bool simple_readonly(struct shell *sh, const char *name)
{
    program_complain("%s: is read only", name);
    shell_abort(sh);
    return false;
}

/*
 * Performs the assignments. With SAVED the former values are kept there. EXPORT for a program or
 * function that shall see them.
 */
static bool assign_all(struct shell *sh, const struct node *node, struct saved_var **saved,
                       bool export)
{
    for (const struct assignment *a = node->assignments; a; a = a->next) {
        char *value;
        bool done;

        if (!expand_assignment(sh, a->value, &value))
            return false;
        if (saved)
            saved_var_push(sh, saved, a->name);
        done = vars_set(&sh->vars, a->name, value);
        if (sh->xtrace)
            fprintf(stderr, "+ %s=%s\n", a->name, value);
        free(value);
        if (!done)
            return simple_readonly(sh, a->name);
        if (export)
            vars_make(&sh->vars, a->name)->exported = true;
    }
    return true;
}

static void trace_command(const struct shell *sh, const struct fields *words)
{
    if (!sh->xtrace || words->count == 0)
        return;
    for (size_t i = 0; i < words->count; i++)
        fprintf(stderr, "%s%s", i == 0 ? "+ " : " ", words->items[i]);
    fputc('\n', stderr);
}

/* Writes out what a builtin printed. What cannot be written is dropped and makes it fail. */
static int builtin_flush(int status)
{
    status = program_finish(status);
    __fpurge(stdout);
    clearerr(stdout);
    return status;
}

static int builtin_run(struct shell *sh, const struct builtin *builtin, int argc, char **argv,
                       bool tested)
{
    bool former_tested = sh->tested;
    const char *former = program_name;
    int status;

    program_name = builtin->name;
    sh->tested = tested;
    status = builtin->run(sh, argc, argv);
    sh->tested = former_tested;
    status = builtin_flush(status);
    program_name = former;
    return status;
}

static int function_run(struct shell *sh, struct function *function, int argc, char **argv,
                        bool tested)
{
    struct saved_var *outer_locals = sh->locals;
    struct arena *arena = arena_get(function->arena); /* it may be redefined while it runs */
    struct arguments former;
    int outer_loops = sh->loop_depth;

    if (sh->function_depth >= FUNCTION_DEPTH_MAX) {
        program_complain("%s: functions nested too deeply", argv[0]);
        arena_put(arena);
        shell_abort(sh);
        return STATUS_ERROR;
    }
    former = arguments_replace(sh, argv + 1, argc - 1);
    sh->locals = NULL;
    sh->loop_depth = 0;
    sh->function_depth++;
    sh->execute(sh, function->body, tested ? EXEC_TESTED : 0);
    sh->function_depth--;
    sh->loop_depth = outer_loops;
    if (sh->flow == FLOW_RETURN)
        sh->flow = FLOW_NORMAL;
    saved_vars_restore(sh, &sh->locals);
    sh->locals = outer_locals;
    arguments_free(&sh->arguments);
    sh->arguments = former;
    arena_put(arena);
    return sh->status;
}

/* A builtin or function, with its redirections and assignments around it. */
static int run_inside(struct shell *sh, struct command *command, const struct builtin *builtin,
                      struct function *function)
{
    const struct node *node = command->node;
    int argc = (int)command->words.count, status = 1;
    char **argv = command->words.items;
    bool special = builtin && builtin->special, tested = command->flags & EXEC_TESTED;
    struct saved_fd *saved_fds = NULL;
    struct saved_var *saved_vars = NULL;
    bool redirected = redirect_apply(sh, node->redirects, &saved_fds);

    if (!redirected && special)
        shell_abort(sh);
    if (redirected && assign_all(sh, node, special ? NULL : &saved_vars, !special)) {
        if (builtin)
            status = builtin_run(sh, builtin, argc, argv, tested);
        else
            status = function_run(sh, function, argc, argv, tested);
    }
    if (sh->flow != FLOW_NORMAL && status == 1)
        status = sh->status ? sh->status : status;
    if (special && argc == 1 && strcmp(builtin->name, "exec") == 0 && redirected)
        redirect_keep(&saved_fds);
    redirect_restore(&saved_fds);
    saved_vars_restore(sh, &saved_vars);
    return status;
}

static _Noreturn void child_exec(struct shell *sh, struct command *command)
{
    if (!redirect_apply(sh, command->node->redirects, NULL) ||
        !assign_all(sh, command->node, NULL, true))
        launch_end(sh->flow == FLOW_NORMAL ? 1 : sh->status);
    fflush(stdout);
    launch_end(path_exec(sh, command->words.items));
}

/* A program. */
static int run_program(struct shell *sh, struct command *command)
{
    struct job *job;

    if (command->flags & EXEC_FINAL)
        child_exec(sh, command);
    job = jobs_add(&sh->jobs, sh->source);
    if (launch_fork(sh, job, false) == 0)
        child_exec(sh, command);
    return launch_wait(sh, job);
}

/* No command word: the redirections happen and are undone, the assignments stay. */
static int run_assignments(struct shell *sh, const struct node *node)
{
    struct saved_fd *saved = NULL;
    bool done = redirect_apply(sh, node->redirects, &saved) && assign_all(sh, node, NULL, false);

    redirect_restore(&saved);
    if (sh->flow != FLOW_NORMAL)
        return sh->status;
    if (!done)
        return 1;
    return sh->substitution_status >= 0 ? sh->substitution_status : 0;
}

static int run_words(struct shell *sh, struct command *command, bool functions)
{
    const char *name = command->words.items[0];
    const struct builtin *builtin = sh->builtin_find(name);
    struct function *function = functions ? function_find(sh, name) : NULL;

    if (builtin && (builtin->special || !function))
        return run_inside(sh, command, builtin, NULL);
    if (function)
        return run_inside(sh, command, NULL, function);
    return run_program(sh, command);
}

int simple_execute(struct shell *sh, const struct node *node, int flags)
{
    struct command command = {.node = node, .flags = flags};
    int status;

    sh->substitution_status = -1;
    if (!expand_words(sh, node->words, &command.words) || sh->flow != FLOW_NORMAL) {
        status = sh->status;
    } else {
        trace_command(sh, &command.words);
        if (sh->standard_input)
            input_sync(sh->standard_input);
        if (command.words.count == 0)
            status = run_assignments(sh, node);
        else
            status = run_words(sh, &command, true);
    }
    fields_free(&command.words);
    return status;
}

int simple_execute_words(struct shell *sh, int argc, char **argv)
{
    static const struct node nothing = {.kind = NODE_SIMPLE};
    struct command command = {.node = &nothing};
    int status;

    for (int i = 0; i < argc; i++)
        fields_add(&command.words, mem_strdup(argv[i]));
    status = run_words(sh, &command, false);
    fields_free(&command.words);
    return status;
}
