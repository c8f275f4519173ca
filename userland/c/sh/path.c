/*
 * path.c - the search for a program (POSIX 2.9.1.1); see path.h.
 *
 * A name with a slash is a path. Any other is looked for in the directories of PATH, of which an
 * empty one is the working directory.
 */
#include "userland/c/sh/path.h"

#include "userland/c/lib/program.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHELL_PATH "/bin/sh"

/* The next directory of the list at *AT with NAME after it, malloc'ed; NULL at the end. */
static char *path_next(const char **at, const char *name)
{
    struct strbuf path = {0};
    size_t length;

    if (!*at)
        return NULL;
    length = strcspn(*at, ":");
    strbuf_append(&path, *at, length);
    if (length > 0)
        strbuf_append_char(&path, '/');
    strbuf_append_string(&path, name);
    *at = (*at)[length] ? *at + length + 1 : NULL;
    return strbuf_steal(&path);
}

static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *path_find(const struct shell *sh, const char *name)
{
    const char *at = vars_get(&sh->vars, "PATH");
    char *path;

    if (strchr(name, '/'))
        return is_program(name) ? mem_strdup(name) : NULL;
    while ((path = path_next(&at, name)) != NULL) {
        if (is_program(path))
            return path;
        free(path);
    }
    return NULL;
}

/* A file the kernel knows no format of is a script for this shell. */
static void exec_script(const char *path, char **argv, char **environment)
{
    size_t count = 0;
    char **words;

    while (argv[count])
        count++;
    words = mem_alloc((count + 2) * sizeof(*words));
    words[0] = mem_strdup(SHELL_PATH);
    words[1] = mem_strdup(path);
    memcpy(words + 2, argv + 1, count * sizeof(*words));
    execve(SHELL_PATH, words, environment);
    free(words[0]);
    free(words[1]);
    free(words);
}

/* Tries PATH; returns errno. */
static int exec_one(const char *path, char **argv, char **environment)
{
    execve(path, argv, environment);
    if (errno != ENOEXEC)
        return errno;
    exec_script(path, argv, environment);
    return ENOEXEC;
}

/* Tries all directories. The error of a file that is there counts more than that it is missing. */
static int exec_search(const struct shell *sh, char **argv, char **environment)
{
    const char *at = vars_get(&sh->vars, "PATH");
    int error, result = ENOENT;
    char *path;

    while ((path = path_next(&at, argv[0])) != NULL) {
        error = exec_one(path, argv, environment);
        if (error != ENOENT && error != ENOTDIR)
            result = error;
        free(path);
        if (error != ENOENT && error != ENOTDIR && error != EACCES)
            break;
    }
    return result;
}

int path_exec(struct shell *sh, char **argv)
{
    char **environment = vars_environment(&sh->vars);
    bool is_path = strchr(argv[0], '/') != NULL;
    int error;

    if (is_path)
        error = exec_one(argv[0], argv, environment);
    else
        error = exec_search(sh, argv, environment);
    strings_free(environment);
    if (error == ENOENT && !is_path)
        program_complain("%s: not found", argv[0]);
    else
        program_complain("%s: %s", argv[0], strerror(error));
    return error == ENOENT || error == ENOTDIR ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
