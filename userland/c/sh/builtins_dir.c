/*
 * builtins_dir.c - the working directory and the file mode mask: cd, pwd, umask.
 *
 * PWD keeps the name by which the user came (POSIX cd -L): ".." goes back the way of the names,
 * even where a symbolic link led somewhere else.
 */
#include "userland/c/sh/builtins_dir.h"

#include "userland/c/lib/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE_MASK 0777

/* Drops the last component of an absolute path; "/" stays. */
static void path_up(struct strbuf *path)
{
    size_t length = path->length;

    while (length > 0 && path->data[length - 1] != '/')
        length--;
    strbuf_truncate(path, length > 0 ? length - 1 : 0);
}

/* DIRECTORY as an absolute name without ".", ".." and double slashes; malloc'ed. */
static char *path_normalise(const char *base, const char *directory)
{
    struct strbuf path = {0};
    size_t length;

    if (directory[0] != '/' && strcmp(base, "/") != 0)
        strbuf_append_string(&path, base);
    for (; *directory; directory += length) {
        directory += strspn(directory, "/");
        length = strcspn(directory, "/");
        if (length == 2 && directory[0] == '.' && directory[1] == '.') {
            path_up(&path);
        } else if (length > 0 && !(length == 1 && directory[0] == '.')) {
            strbuf_append_char(&path, '/');
            strbuf_append(&path, directory, length);
        }
    }
    if (path.length == 0)
        strbuf_append_char(&path, '/');
    return strbuf_steal(&path);
}

static bool is_here(const char *path)
{
    struct stat there, here;

    return path && path[0] == '/' && stat(path, &there) == 0 && stat(".", &here) == 0 &&
           there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

void builtins_init_directory(struct shell *sh)
{
    const char *known = vars_get(&sh->vars, "PWD");
    char *name;

    if (is_here(known))
        return;
    name = getcwd(NULL, 0);
    if (name)
        vars_set(&sh->vars, "PWD", name);
    free(name);
}

/* Goes to DIRECTORY and sets PWD and OLDPWD. */
static int change(struct shell *sh, const char *directory)
{
    const char *base = vars_get(&sh->vars, "PWD");
    char *target = path_normalise(base && *base ? base : "/", directory);

    if (chdir(target) < 0) {
        program_warn(directory);
        free(target);
        return 1;
    }
    vars_set(&sh->vars, "OLDPWD", base ? base : "");
    vars_set(&sh->vars, "PWD", target);
    free(target);
    return 0;
}

int builtin_cd(struct shell *sh, int argc, char **argv)
{
    const char *directory;
    int status;
    char *copy;

    if (argc > 1 && strcmp(argv[1], "--") == 0) {
        argv++;
        argc--;
    }
    if (argc > 2) {
        program_complain("too many arguments");
        return STATUS_ERROR;
    }
    directory = argc > 1 ? argv[1] : vars_get(&sh->vars, "HOME");
    if (argc > 1 && strcmp(directory, "-") == 0)
        directory = vars_get(&sh->vars, "OLDPWD");
    if (!directory || !*directory) {
        program_complain("%s not set", argc > 1 ? "OLDPWD" : "HOME");
        return 1;
    }
    copy = mem_strdup(directory); /* it may be the value of OLDPWD, which changes */
    status = change(sh, copy);
    free(copy);
    if (status == 0 && argc > 1 && strcmp(argv[1], "-") == 0)
        puts(vars_get(&sh->vars, "PWD"));
    return status;
}

int builtin_pwd(struct shell *sh, int argc, char **argv)
{
    const char *known = vars_get(&sh->vars, "PWD");
    char *name;

    if (is_here(known) && !(argc > 1 && strcmp(argv[1], "-P") == 0)) {
        puts(known);
        return 0;
    }
    name = getcwd(NULL, 0);
    if (!name) {
        program_warn("getcwd");
        return 1;
    }
    puts(name);
    free(name);
    return 0;
}

int builtin_umask(struct shell *sh, int argc, char **argv)
{
    char *end;
    unsigned long mask;

    (void)sh;
    if (argc < 2) {
        mask = umask(0);
        umask((mode_t)mask);
        printf("%04lo\n", mask);
        return 0;
    }
    mask = strtoul(argv[1], &end, 8);
    if (*end || end == argv[1] || mask > MODE_MASK) {
        program_complain("%s: not an octal mode", argv[1]);
        return 1;
    }
    umask((mode_t)mask);
    return 0;
}
