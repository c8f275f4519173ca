/*
 * rm.c - rm [-fr] file...: removes names.
 *
 * -r removes directories with all that is in them, without following symbolic links; -f takes a
 * name that is not there as removed. A name that ends in "." or ".." is refused (POSIX, rm).
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TREE_FDS 16 /* directories that nftw() keeps open at once */

static int status;

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)where;
    if (kind == FTW_DNR || (kind == FTW_DP ? rmdir(path) : unlink(path))) {
        program_warn(path);
        status = 1;
    }
    return 0;
}

static bool is_dot(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;

    return strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}

static void remove_one(const char *path, bool recursive, bool force)
{
    struct stat st;

    if (is_dot(path)) {
        program_complain("%s: will not remove this", path);
        status = 1;
        return;
    }
    if (lstat(path, &st)) {
        if (force && (errno == ENOENT || errno == ENOTDIR))
            return;
    } else if (S_ISDIR(st.st_mode) && !recursive) {
        errno = EISDIR;
    } else if (S_ISDIR(st.st_mode)) {
        if (nftw(path, remove_entry, TREE_FDS, FTW_DEPTH | FTW_PHYS) == 0)
            return;
    } else if (unlink(path) == 0) {
        return;
    }
    program_warn(path);
    status = 1;
}

int main(int argc, char **argv)
{
    bool recursive = false, force = false;
    int option;

    program_begin(argv, "rm");
    while ((option = getopt(argc, argv, "frR")) != -1) {
        if (option == '?')
            program_usage(2, "rm [-fr] file...");
        if (option == 'f')
            force = true;
        else
            recursive = true;
    }
    if (optind == argc && !force)
        program_usage(2, "rm [-fr] file...");
    for (int i = optind; i < argc; i++)
        remove_one(argv[i], recursive, force);
    return program_finish(status);
}
