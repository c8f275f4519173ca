/*
 * exec.c - the tree walker: pipelines, lists and compound commands.
 *
 * Each kind of node has a function; exec_node picks it by a table. Flags travel down: TESTED
 * through conditions and the left sides of && and ||, FINAL to the command that is the last
 * thing a process does. After every step sh->flow is looked at; loops and functions consume
 * what is meant for them.
 */
#include "userland/c/sh/exec.h"

#include "userland/c/lib/program.h"
#include "userland/c/sh/exec_flags.h"
#include "userland/c/sh/expand.h"
#include "userland/c/sh/glob.h"
#include "userland/c/sh/launch.h"
#include "userland/c/sh/redirect.h"
#include "userland/c/sh/simple.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes the pipe end FD descriptor TARGET, open across execve. */
static void descriptor_become(int fd, int target)
{
    if (fd == target) {
        fcntl(fd, F_SETFD, 0);
    } else if (fd >= 0) {
        dup2(fd, target);
        close(fd);
    }
}

/* Connects a stage: INPUT and OUTPUT are pipe ends or -1, UNUSED the end of the next stage. */
static void stage_connect(int input, int output, int unused)
{
    if (unused >= 0)
        close(unused);
    descriptor_become(input, STDIN_FILENO);
    descriptor_become(output, STDOUT_FILENO);
}

/* Forks one stage. Returns false if that failed. */
static bool stage_launch(struct shell *sh, struct job *job, const struct stage *stage, int input,
                         const int ends[2])
{
    pid_t pid = launch_fork(sh, job, false);

    if (pid != 0)
        return pid > 0;
    stage_connect(input, ends[1], ends[0]);
    sh->exit_trap = NULL;
    launch_end(exec_node(sh, stage->command, EXEC_FINAL));
}

static void close_end(int fd)
{
    if (fd >= 0)
        close(fd);
}

static int exec_stages(struct shell *sh, const struct node *node)
{
    struct job *job = jobs_add(&sh->jobs, node->source);
    int status, input = -1;
    bool going = true;

    for (const struct stage *stage = node->stages; stage && going; stage = stage->next) {
        int ends[2] = {-1, -1};

        if (stage->next && pipe2(ends, O_CLOEXEC) < 0) {
            program_complain("pipe: %s", strerror(errno));
            going = false;
        } else {
            going = stage_launch(sh, job, stage, input, ends);
        }
        close_end(input);
        close_end(ends[1]);
        input = ends[0];
    }
    close_end(input);
    status = launch_wait(sh, job);
    return going ? status : STATUS_CANNOT_RUN;
}

/* Whether set -e looks at this pipeline's status; a compound command's parts were looked at. */
static bool is_checked(const struct node *node)
{
    enum node_kind kind = node->stages->command->kind;

    return node->stages->next || kind == NODE_SIMPLE || kind == NODE_SUBSHELL;
}

static int exec_pipeline(struct shell *sh, const struct node *node, int flags)
{
    int status;

    if (sh->standard_input)
        input_sync(sh->standard_input);
    sh->source = node->source;
    if (node->stages->next)
        status = exec_stages(sh, node);
    else
        status = exec_node(sh, node->stages->command, flags);
    if (status != 0 && sh->errexit && !(flags & EXEC_TESTED) && sh->flow == FLOW_NORMAL &&
        is_checked(node)) {
        sh->status = status;
        sh->flow = FLOW_EXIT;
    }
    return status;
}

static int exec_not(struct shell *sh, const struct node *node, int flags)
{
    int status = exec_node(sh, node->left, EXEC_TESTED);

    (void)flags;
    return sh->flow == FLOW_NORMAL ? !status : status;
}

/* What follows the first command of a list: ";", "&&" or "||" and a command. */
struct chain_step {
    struct chain_step *next;
    const struct node *node;
};

/* Takes apart a list that leans to the left and may be long; returns its first command. */
static const struct node *chain_unwind(const struct node *node, bool sequence,
                                       struct chain_step **steps)
{
    while (sequence ? node->kind == NODE_SEQUENCE
                    : node->kind == NODE_AND || node->kind == NODE_OR) {
        struct chain_step *step = mem_alloc(sizeof(*step));

        *step = (struct chain_step){.node = node, .next = *steps};
        *steps = step;
        node = node->left;
    }
    return node;
}

/* A list of ";", or one of "&&" and "||" in which only the last command's failure counts. */
static int exec_chain(struct shell *sh, const struct node *node, int flags)
{
    bool sequence = node->kind == NODE_SEQUENCE;
    int inner = sequence ? flags & EXEC_TESTED : EXEC_TESTED;
    struct chain_step *steps = NULL, *step;
    const struct node *first = chain_unwind(node, sequence, &steps);
    int status = exec_node(sh, first, inner);

    while ((step = steps) != NULL) {
        steps = step->next;
        if (sh->flow == FLOW_NORMAL &&
            (sequence || (status == 0) == (step->node->kind == NODE_AND)))
            status = exec_node(sh, step->node->right, steps ? inner : flags);
        free(step);
    }
    return status;
}

static int exec_background(struct shell *sh, const struct node *node, int flags)
{
    struct job *job = jobs_add(&sh->jobs, node->source);
    pid_t pid = launch_fork(sh, job, true);

    (void)flags;
    if (pid < 0) {
        jobs_remove(&sh->jobs, job);
        return STATUS_CANNOT_RUN;
    }
    if (pid == 0) {
        sh->exit_trap = NULL;
        launch_end(exec_node(sh, node->left, EXEC_FINAL));
    }
    job->background = true;
    sh->last_background = pid;
    if (sh->interactive && !sh->in_child)
        fprintf(stderr, "[%d] %d\n", job->id, (int)pid);
    return 0;
}

static int exec_subshell(struct shell *sh, const struct node *node, int flags)
{
    struct job *job;

    if (flags & EXEC_FINAL)
        return exec_node(sh, node->left, flags);
    job = jobs_add(&sh->jobs, sh->source);
    if (launch_fork(sh, job, false) == 0) {
        sh->exit_trap = NULL;
        launch_end(exec_node(sh, node->left, EXEC_FINAL | (flags & EXEC_TESTED)));
    }
    return launch_wait(sh, job);
}

static int exec_group(struct shell *sh, const struct node *node, int flags)
{
    return exec_node(sh, node->left, flags);
}

static int exec_if(struct shell *sh, const struct node *node, int flags)
{
    int status = exec_node(sh, node->condition, EXEC_TESTED);

    if (sh->flow != FLOW_NORMAL)
        return status;
    if (status == 0)
        return exec_node(sh, node->left, flags);
    return node->right ? exec_node(sh, node->right, flags) : 0;
}

/* After a loop's body: whether the loop goes on. Consumes break and continue meant for it. */
static bool loop_goes_on(struct shell *sh)
{
    bool again = sh->flow == FLOW_NORMAL || sh->flow == FLOW_CONTINUE;

    if (sh->flow != FLOW_BREAK && sh->flow != FLOW_CONTINUE)
        return again;
    if (--sh->flow_levels > 0)
        return false;
    sh->flow = FLOW_NORMAL;
    return again;
}

static int exec_loop(struct shell *sh, const struct node *node, int flags)
{
    bool wanted = node->kind == NODE_WHILE;
    int condition, status = 0;

    sh->loop_depth++;
    for (;;) {
        condition = exec_node(sh, node->condition, EXEC_TESTED);
        if (sh->flow != FLOW_NORMAL) {
            if (loop_goes_on(sh))
                continue;
            break;
        }
        if ((condition == 0) != wanted)
            break;
        status = exec_node(sh, node->left, flags & EXEC_TESTED);
        if (!loop_goes_on(sh))
            break;
    }
    sh->loop_depth--;
    return sh->flow == FLOW_NORMAL ? status : sh->status;
}

/* The words of "for"; without "in" the positional parameters. */
static bool for_words(struct shell *sh, const struct node *node, struct fields *words)
{
    if (node->has_in)
        return expand_words(sh, node->words, words);
    for (int i = 0; i < sh->arguments.count; i++)
        fields_add(words, mem_strdup(sh->arguments.values[i]));
    return true;
}

static int exec_for(struct shell *sh, const struct node *node, int flags)
{
    struct fields words = {0};
    int status = 0;

    if (!for_words(sh, node, &words)) {
        fields_free(&words);
        return sh->status;
    }
    sh->loop_depth++;
    for (size_t i = 0; i < words.count; i++) {
        if (!vars_set(&sh->vars, node->name, words.items[i])) {
            simple_readonly(sh, node->name);
            break;
        }
        status = exec_node(sh, node->left, flags & EXEC_TESTED);
        if (!loop_goes_on(sh))
            break;
    }
    sh->loop_depth--;
    fields_free(&words);
    return sh->flow == FLOW_NORMAL ? status : sh->status;
}

/* Whether one of the patterns matches TEXT; false, too, if an expansion failed. */
static bool case_matches(struct shell *sh, const struct case_item *item, const char *text)
{
    bool matches = false;

    for (const struct word *word = item->patterns; word && !matches; word = word->next) {
        char *pattern;

        if (!expand_pattern(sh, word, &pattern))
            return false;
        matches = glob_match(pattern, text);
        free(pattern);
    }
    return matches;
}

static int exec_case(struct shell *sh, const struct node *node, int flags)
{
    const struct case_item *item = node->items;
    char *text;

    if (!expand_string(sh, node->words, &text))
        return sh->status;
    while (item && sh->flow == FLOW_NORMAL && !case_matches(sh, item, text))
        item = item->next;
    free(text);
    if (sh->flow != FLOW_NORMAL)
        return sh->status;
    return item && item->body ? exec_node(sh, item->body, flags) : 0;
}

static int exec_function(struct shell *sh, const struct node *node, int flags)
{
    (void)flags;
    function_define(sh, node);
    return 0;
}

typedef int exec_function_t(struct shell *sh, const struct node *node, int flags);

static exec_function_t *const exec_functions[] = {
    [NODE_SIMPLE] = simple_execute,  [NODE_PIPELINE] = exec_pipeline,
    [NODE_AND] = exec_chain,         [NODE_OR] = exec_chain,
    [NODE_SEQUENCE] = exec_chain,    [NODE_BACKGROUND] = exec_background,
    [NODE_NOT] = exec_not,           [NODE_GROUP] = exec_group,
    [NODE_SUBSHELL] = exec_subshell, [NODE_IF] = exec_if,
    [NODE_WHILE] = exec_loop,        [NODE_UNTIL] = exec_loop,
    [NODE_FOR] = exec_for,           [NODE_CASE] = exec_case,
    [NODE_FUNCTION] = exec_function,
};

int exec_node(struct shell *sh, const struct node *node, int flags)
{
    struct saved_fd *saved = NULL;
    bool redirects = node->redirects && node->kind != NODE_SIMPLE;
    int status = 1;

    if (redirects && sh->standard_input)
        input_sync(sh->standard_input);
    if (!redirects || redirect_apply(sh, node->redirects, &saved))
        status = exec_functions[node->kind](sh, node, redirects ? flags & EXEC_TESTED : flags);
    if (redirects)
        redirect_restore(&saved);
    if (sh->flow != FLOW_EXIT && sh->flow != FLOW_ABORT && sh->flow != FLOW_RETURN)
        sh->status = status;
    return sh->status;
}

/* Reads the pipe to its end. */
static void read_output(int fd, struct strbuf *output)
{
    char buffer[4096];
    ssize_t got;

    do {
        got = read(fd, buffer, sizeof(buffer));
        if (got > 0)
            strbuf_append(output, buffer, (size_t)got);
    } while (got > 0 || (got < 0 && errno == EINTR));
}

void exec_substitute(struct shell *sh, const struct node *command, struct strbuf *output)
{
    struct job *job;
    int ends[2];
    bool job_control = sh->job_control;

    if (pipe2(ends, O_CLOEXEC) < 0) {
        program_complain("pipe: %s", strerror(errno));
        shell_abort(sh);
        return;
    }
    if (sh->standard_input)
        input_sync(sh->standard_input);
    sh->job_control = false; /* it belongs to the command being expanded: the shell's group */
    job = jobs_add(&sh->jobs, NULL);
    if (launch_fork(sh, job, false) == 0) {
        stage_connect(-1, ends[1], ends[0]);
        sh->exit_trap = NULL;
        launch_end(exec_node(sh, command, EXEC_FINAL));
    }
    close(ends[1]);
    read_output(ends[0], output);
    close(ends[0]);
    sh->substitution_status = launch_wait(sh, job);
    sh->job_control = job_control;
}
