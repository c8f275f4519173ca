/*
 * run.c - the loop around parser and tree walker; see run.h.
 *
 * Each complete command has an arena of its own, dropped when the command has run. Between
 * commands finished background jobs are noted, and at a terminal reported.
 */
#include "userland/c/sh/run.h"

#include "userland/c/lib/program.h"
#include "userland/c/sh/exec.h"
#include "userland/c/sh/exec_flags.h"
#include "userland/c/sh/expand.h"
#include "userland/c/sh/parser.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PS1_DEFAULT "fathom:$PWD# "
#define PS2_DEFAULT "> "

static enum parse_result run_one(struct shell *sh, struct input *input)
{
    struct arena *arena = arena_new();
    char error[PARSER_ERROR_SIZE];
    struct node *command;
    enum parse_result result = parser_read(input, arena, &command, error);

    if (result == PARSE_COMMAND) {
        exec_node(sh, command, sh->tested ? EXEC_TESTED : 0);
    } else if (result == PARSE_ERROR) {
        if (!input->interrupted)
            program_complain("%s", error);
        shell_abort(sh);
        if (input->interrupted)
            sh->status = STATUS_SIGNAL + SIGINT;
    }
    arena_put(arena);
    return result;
}

static void note_jobs(struct shell *sh)
{
    if (!sh->jobs.first)
        return;
    jobs_poll(&sh->jobs);
    if (sh->interactive && !sh->in_child)
        jobs_report(&sh->jobs, stderr);
}

int run_input(struct shell *sh, struct input *input)
{
    enum parse_result result;
    bool ran = false;

    do {
        note_jobs(sh);
        result = run_one(sh, input);
        ran |= result == PARSE_COMMAND || result == PARSE_ERROR;
        if (sh->flow == FLOW_ABORT && input == sh->standard_input) {
            sh->flow = FLOW_NORMAL;
            input_discard_line(input);
        }
    } while (result != PARSE_END && sh->flow == FLOW_NORMAL);
    return ran ? sh->status : 0;
}

int run_string(struct shell *sh, const char *text)
{
    struct input input;
    int status;

    input_open_string(&input, text, strlen(text));
    status = run_input(sh, &input);
    input_close(&input);
    return status;
}

int run_open(const char *path)
{
    int high, fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fd >= SHELL_FD_FIRST)
        return fd;
    high = fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);
    close(fd);
    return high;
}

/* Expands a prompt without a trace in $? or in the flow. */
static char *prompt_expand(struct shell *sh, const char *text)
{
    struct arena *arena = arena_new();
    struct word *word = parser_read_text(text, arena);
    int status = sh->status;
    char *expanded = NULL;

    if (!word || !expand_string(sh, word, &expanded))
        expanded = mem_strdup(text);
    sh->flow = FLOW_NORMAL;
    sh->status = status;
    arena_put(arena);
    return expanded;
}

char *run_prompt_text(struct shell *sh, bool continued)
{
    const char *text = vars_get(&sh->vars, continued ? "PS2" : "PS1");
    char *expanded;

    if (!text)
        text = continued ? PS2_DEFAULT : PS1_DEFAULT;
    expanded = prompt_expand(sh, text);
    fflush(stdout);
    return expanded;
}

void run_prompt(void *shell, bool continued)
{
    char *text = run_prompt_text(shell, continued);

    fputs(text, stderr);
    free(text);
}
