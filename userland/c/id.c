/*
 * id.c - id [-u | -g | -G] [-r]: who the process is.
 *
 * Numbers only, since the system has no user database; root is named because every Unix
 * has it. Without an option: uid, gid, the effective ones where they differ, and groups.
 */
#include "userland/c/lib/program.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void number_print(const char *label, unsigned number)
{
    printf("%s%u%s", label, number, number == 0 ? "(root)" : "");
}

/* The supplementary groups, each after SEPARATOR, the first after FIRST. */
static void groups_print(const char *first, const char *separator)
{
    int count = getgroups(0, NULL);
    gid_t *groups = count > 0 ? calloc((size_t)count, sizeof(*groups)) : NULL;

    if (count < 0 || (count > 0 && !groups))
        program_die(1, "getgroups");
    if (count > 0)
        count = getgroups(count, groups);
    for (int i = 0; i < count; i++)
        printf("%s%u", i == 0 ? first : separator, groups[i]);
    free(groups);
}

static void all_print(void)
{
    number_print("uid=", getuid());
    number_print(" gid=", getgid());
    if (geteuid() != getuid())
        number_print(" euid=", geteuid());
    if (getegid() != getgid())
        number_print(" egid=", getegid());
    groups_print(" groups=", ",");
    putchar('\n');
}

int main(int argc, char **argv)
{
    int option, what = 0;
    bool real = false;

    program_begin(argv, "id");
    while ((option = getopt(argc, argv, "Ggru")) != -1) {
        if (option == '?')
            program_usage(2, "id [-u | -g | -G] [-r]");
        if (option == 'r')
            real = true;
        else
            what = option;
    }
    if (what == 'u') {
        printf("%u\n", real ? getuid() : geteuid());
    } else if (what == 'g' || what == 'G') {
        printf("%u", real ? getgid() : getegid());
        if (what == 'G')
            groups_print(" ", " ");
        putchar('\n');
    } else {
        all_print();
    }
    return program_finish(0);
}
