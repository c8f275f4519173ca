/*
 * vars.c - variables in a hash table; see vars.h.
 *
 * A variable, once made, stays in its bucket; unsetting clears it. So pointers to variables
 * stay good for the life of the shell.
 */
#include "userland/c/sh/vars.h"

#include "userland/c/sh/strbuf.h"

#include <stdlib.h>
#include <string.h>

static bool name_begins(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t name_length(const char *text)
{
    size_t length = 0;

    if (!name_begins(text[0]))
        return 0;
    while (name_begins(text[length]) || (text[length] >= '0' && text[length] <= '9'))
        length++;
    return length;
}

bool name_is_valid(const char *text, size_t length)
{
    return length > 0 && name_length(text) >= length;
}

/* FNV-1a, 32 bits (draft-eastlake-fnv, section 5). */
static unsigned bucket_of(const char *name)
{
    unsigned hash = 2166136261U;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return hash % VARS_BUCKETS;
}

struct var *vars_find(const struct vars *vars, const char *name)
{
    struct var *var = vars->buckets[bucket_of(name)];

    while (var && strcmp(var->name, name) != 0)
        var = var->next;
    return var;
}

struct var *vars_make(struct vars *vars, const char *name)
{
    struct var *var = vars_find(vars, name), **bucket;

    if (var)
        return var;
    bucket = &vars->buckets[bucket_of(name)];
    var = mem_alloc(sizeof(*var));
    *var = (struct var){.next = *bucket, .name = mem_strdup(name)};
    *bucket = var;
    return var;
}

const char *vars_get(const struct vars *vars, const char *name)
{
    const struct var *var = vars_find(vars, name);

    return var ? var->value : NULL;
}

static void var_assign(struct var *var, const char *value)
{
    char *copy = value ? mem_strdup(value) : NULL; /* VALUE may be the old one */

    free(var->value);
    var->value = copy;
}

bool vars_set(struct vars *vars, const char *name, const char *value)
{
    struct var *var = vars_make(vars, name);

    if (var->readonly)
        return false;
    var_assign(var, value);
    return true;
}

bool vars_unset(struct vars *vars, const char *name)
{
    struct var *var = vars_find(vars, name);

    if (!var)
        return true;
    if (var->readonly)
        return false;
    var_assign(var, NULL);
    var->exported = false;
    return true;
}

void vars_restore(struct vars *vars, const char *name, const char *value, bool exported)
{
    struct var *var = vars_make(vars, name);

    var_assign(var, value);
    var->exported = exported;
}

void vars_import(struct vars *vars, char **environment)
{
    for (; environment && *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        size_t length = equals ? (size_t)(equals - *environment) : 0;
        char *name;

        if (!equals || name_length(*environment) != length || length == 0)
            continue;
        name = mem_strdup(*environment);
        name[length] = '\0';
        vars_restore(vars, name, equals + 1, true);
        free(name);
    }
}

static bool var_wanted(const struct var *var, bool exported, bool readonly)
{
    if (!exported && !readonly)
        return var->value != NULL;
    return (exported && var->exported) || (readonly && var->readonly);
}

static int var_compare(const void *a, const void *b)
{
    return strcmp((*(struct var *const *)a)->name, (*(struct var *const *)b)->name);
}

struct var **vars_sorted(const struct vars *vars, bool exported, bool readonly)
{
    struct var **list = NULL;
    size_t count = 0;

    for (size_t i = 0; i < VARS_BUCKETS; i++) {
        for (struct var *var = vars->buckets[i]; var; var = var->next) {
            if (!var_wanted(var, exported, readonly))
                continue;
            list = mem_realloc(list, (count + 2) * sizeof(*list));
            list[count++] = var;
        }
    }
    if (count > 1)
        qsort(list, count, sizeof(*list), var_compare);
    if (!list)
        list = mem_alloc(sizeof(*list));
    list[count] = NULL;
    return list;
}

static char *var_entry(const struct var *var)
{
    struct strbuf text = {0};

    strbuf_append_string(&text, var->name);
    strbuf_append_char(&text, '=');
    strbuf_append_string(&text, var->value);
    return strbuf_steal(&text);
}

char **vars_environment(const struct vars *vars)
{
    struct var **list = vars_sorted(vars, true, false);
    size_t count = 0;
    char **entries;

    while (list[count])
        count++;
    entries = mem_alloc((count + 1) * sizeof(*entries));
    count = 0;
    for (size_t i = 0; list[i]; i++)
        if (list[i]->value)
            entries[count++] = var_entry(list[i]);
    entries[count] = NULL;
    free(list);
    return entries;
}

void strings_free(char **strings)
{
    for (char **at = strings; at && *at; at++)
        free(*at);
    free(strings);
}

void vars_free(struct vars *vars)
{
    for (size_t i = 0; i < VARS_BUCKETS; i++) {
        while (vars->buckets[i]) {
            struct var *next = vars->buckets[i]->next;

            free(vars->buckets[i]->name);
            free(vars->buckets[i]->value);
            free(vars->buckets[i]);
            vars->buckets[i] = next;
        }
    }
}
