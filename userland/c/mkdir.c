/*
 * mkdir.c - mkdir [-p] directory...: makes directories.
 *
 * -p makes those that are missing on the way too, and takes one that is there already as made.
 */
#include "userland/c/lib/program.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Makes path, and with `parents` what is missing before it. 0, or -1 with errno. */
static int make(char *path, bool parents)
{
    if (parents) {
        for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
            int failed;

            *slash = '\0';
            failed = mkdir(path, 0777) && !is_directory(path);
            *slash = '/';
            if (failed)
                return -1;
        }
    }
    if (mkdir(path, 0777) == 0 || (parents && errno == EEXIST && is_directory(path)))
        return 0;
    return -1;
}

int main(int argc, char **argv)
{
    bool parents = false;
    int option, status = 0;

    program_begin(argv, "mkdir");
    while ((option = getopt(argc, argv, "p")) != -1) {
        if (option == '?')
            program_usage(2, "mkdir [-p] directory...");
        parents = true;
    }
    if (optind == argc)
        program_usage(2, "mkdir [-p] directory...");
    for (int i = optind; i < argc; i++) {
        if (argv[i][0] == '\0' || make(argv[i], parents)) {
            if (argv[i][0] == '\0')
                errno = ENOENT;
            program_warn(argv[i]);
            status = 1;
        }
    }
    return program_finish(status);
}
