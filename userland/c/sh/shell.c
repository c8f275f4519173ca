/*
 * shell.c - functions, saved variables and positional parameters; see shell.h.
 *
 * Nothing here runs commands; it is the data everybody above works on.
 */
#include "userland/c/sh/shell.h"

#include <stdlib.h>
#include <string.h>

void shell_abort(struct shell *sh)
{
    sh->status = STATUS_ERROR;
    sh->flow = sh->interactive && !sh->in_child ? FLOW_ABORT : FLOW_EXIT;
}

struct function *function_find(const struct shell *sh, const char *name)
{
    struct function *function = sh->functions;

    while (function && strcmp(function->name, name) != 0)
        function = function->next;
    return function;
}

bool function_remove(struct shell *sh, const char *name)
{
    struct function **at = &sh->functions, *found;

    while (*at && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    found = *at;
    if (!found)
        return false;
    *at = found->next;
    arena_put(found->arena);
    free(found->name);
    free(found);
    return true;
}

void function_define(struct shell *sh, const struct node *definition)
{
    struct function *function = mem_alloc(sizeof(*function));

    *function = (struct function){.name = mem_strdup(definition->name),
                                  .body = definition->left,
                                  .arena = arena_get(definition->arena)};
    function_remove(sh, definition->name);
    function->next = sh->functions;
    sh->functions = function;
}

void saved_var_push(struct shell *sh, struct saved_var **list, const char *name)
{
    const struct var *var = vars_find(&sh->vars, name);
    struct saved_var *saved = mem_alloc(sizeof(*saved));

    *saved = (struct saved_var){.next = *list, .name = mem_strdup(name)};
    if (var) {
        saved->value = var->value ? mem_strdup(var->value) : NULL;
        saved->exported = var->exported;
    }
    *list = saved;
}

void saved_vars_restore(struct shell *sh, struct saved_var **list)
{
    while (*list) {
        struct saved_var *saved = *list;

        *list = saved->next;
        vars_restore(&sh->vars, saved->name, saved->value, saved->exported);
        free(saved->name);
        free(saved->value);
        free(saved);
    }
}

struct arguments arguments_replace(struct shell *sh, char *const *values, int count)
{
    struct arguments former = sh->arguments;
    char **copy = mem_alloc(((size_t)count + 1) * sizeof(*copy));

    for (int i = 0; i < count; i++)
        copy[i] = mem_strdup(values[i]);
    copy[count] = NULL;
    sh->arguments = (struct arguments){.values = copy, .count = count};
    return former;
}

void arguments_free(struct arguments *arguments)
{
    strings_free(arguments->values);
    *arguments = (struct arguments){0};
}

void shell_flags(const struct shell *sh, char text[8])
{
    if (sh->errexit)
        *text++ = 'e';
    if (sh->noglob)
        *text++ = 'f';
    if (sh->interactive)
        *text++ = 'i';
    if (sh->job_control)
        *text++ = 'm';
    if (sh->nounset)
        *text++ = 'u';
    if (sh->xtrace)
        *text++ = 'x';
    *text = '\0';
}

bool shell_option_set(struct shell *sh, char letter, bool on)
{
    switch (letter) {
    case 'e':
        sh->errexit = on;
        return true;
    case 'f':
        sh->noglob = on;
        return true;
    case 'u':
        sh->nounset = on;
        return true;
    case 'x':
        sh->xtrace = on;
        return true;
    default:
        return false;
    }
}

void shell_free(struct shell *sh)
{
    while (sh->functions)
        function_remove(sh, sh->functions->name);
    jobs_clear(&sh->jobs);
    arguments_free(&sh->arguments);
    free(sh->exit_trap);
    vars_free(&sh->vars);
}
