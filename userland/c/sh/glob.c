/*
 * glob.c - pathname expansion and pattern cutting on top of fnmatch; see glob.h.
 *
 * A pattern is walked component by component. One without pattern characters is simply appended
 * to the path so far (the directory need not be readable for that); one with them is compared
 * to the names in that directory. What does not exist drops out at the end, by lstat.
 */
#include "userland/c/sh/glob.h"

#include "userland/c/sh/strbuf.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void walk(struct strbuf *path, const char *pattern, struct fields *fields);

bool glob_match(const char *pattern, const char *text)
{
    return fnmatch(pattern, text, 0) == 0;
}

static bool has_magic(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\')
            i++;
        else if (strchr("*?[", text[i]))
            return true;
    }
    return false;
}

static void append_unescaped(struct strbuf *path, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\' && i + 1 < length)
            i++;
        strbuf_append_char(path, text[i]);
    }
}

/* Tries each name in the directory PATH against COMPONENT and goes on with REST. */
static void walk_directory(struct strbuf *path, const char *component, const char *rest,
                           struct fields *fields)
{
    DIR *dir = opendir(path->length ? path->data : ".");
    size_t length = path->length;
    struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir)) != NULL) {
        if (fnmatch(component, entry->d_name, FNM_PERIOD) != 0)
            continue;
        strbuf_append_string(path, entry->d_name);
        walk(path, rest, fields);
        strbuf_truncate(path, length);
    }
    closedir(dir);
}

static void walk_component(struct strbuf *path, const char *pattern, size_t length,
                           struct fields *fields)
{
    size_t before = path->length;
    char *component;

    if (!has_magic(pattern, length)) {
        append_unescaped(path, pattern, length);
        walk(path, pattern + length, fields);
        strbuf_truncate(path, before);
        return;
    }
    component = mem_strdup(pattern);
    component[length] = '\0';
    walk_directory(path, component, pattern + length, fields);
    free(component);
}

/* Adds what PATTERN matches below PATH. */
static void walk(struct strbuf *path, const char *pattern, struct fields *fields)
{
    size_t before = path->length, slashes = strspn(pattern, "/");
    struct stat st;

    strbuf_append(path, pattern, slashes);
    pattern += slashes;
    if (*pattern)
        walk_component(path, pattern, strcspn(pattern, "/"), fields);
    else if (lstat(path->data, &st) == 0)
        fields_add(fields, mem_strdup(path->data));
    strbuf_truncate(path, before);
}

size_t glob_paths(const char *pattern, struct fields *fields)
{
    size_t before = fields->count;
    struct strbuf path = {0};

    walk(&path, pattern, fields);
    strbuf_free(&path);
    fields_sort(fields, before);
    return fields->count - before;
}

static char *cut_beginning(const char *value, const char *pattern, bool longest)
{
    size_t length = strlen(value), best = 0;
    char *copy = mem_strdup(value);
    bool found = false;

    for (size_t i = 0; i <= length && !(found && !longest); i++) {
        char kept = copy[i];

        copy[i] = '\0';
        if (glob_match(pattern, copy)) {
            best = i;
            found = true;
        }
        copy[i] = kept;
    }
    memmove(copy, copy + best, length - best + 1);
    return copy;
}

static char *cut_end(const char *value, const char *pattern, bool longest)
{
    size_t best = strlen(value);
    bool found = false;
    char *copy = mem_strdup(value);

    for (size_t i = best + 1; i-- > 0 && !(found && !longest);) {
        if (glob_match(pattern, value + i)) {
            best = i;
            found = true;
        }
    }
    copy[best] = '\0';
    return copy;
}

char *glob_cut(const char *value, const char *pattern, bool at_end, bool longest)
{
    return at_end ? cut_end(value, pattern, longest) : cut_beginning(value, pattern, longest);
}
