/*
 * The programs of /data/elf: those named ok- exit with 42, those named refused- are not started,
 * and those named hostile- may fail, die or be refused, as long as the rest of the system does not
 * mind.
 */
#include "check.h"

#include <dirent.h>

#define FOLDER DATA "elf/"

static void run(void *path)
{
    execl(path, path, NULL);
    _exit(errno == ENOMEM ? 200 : errno);
}

static bool is_prefix(const char *prefix, const char *text)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Errors of execve(2) for a file that is no program. */
static bool is_refusal(int status)
{
    static const int errors[] = {ENOEXEC, ENOENT, EACCES, EINVAL, EIO, ELIBBAD};

    for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
        if (WIFEXITED(status) && WEXITSTATUS(status) == errors[i])
            return true;
    return false;
}

static bool is_death(int status)
{
    int number = WTERMSIG(status);

    return WIFSIGNALED(status) &&
           (number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGKILL);
}

static void try(const char *name)
{
    char path[512];
    int status;

    snprintf(path, sizeof(path), FOLDER "%s", name);
    status = child_run(run, path);
    if (is_prefix("ok-", name))
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42, "%s: status %#x", name, status);
    else if (is_prefix("refused-", name))
        CHECK(is_refusal(status), "%s: status %#x", name, status);
    else
        CHECK(is_refusal(status) || is_death(status) ||
                  (WIFEXITED(status) && (WEXITSTATUS(status) == 42 || WEXITSTATUS(status) == 200)),
              "%s: status %#x", name, status);
}

int main(void)
{
    DIR *folder = opendir(FOLDER);
    struct dirent *entry;
    int count = 0;

    while (folder && (entry = readdir(folder)))
        if (entry->d_name[0] != '.') {
            try(entry->d_name);
            count++;
        }
    CHECK(count > 40, "%d programs", count);
    return check_end();
}
