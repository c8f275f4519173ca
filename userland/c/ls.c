/*
 * ls.c - ls [-1adl] [file...]: lists directories.
 *
 *      -a  names that begin with a dot, too      -d  a directory itself, not what is in it
 *      -l  mode, links, owner, size, time        -1  one name a line (always so here)
 *
 * Operands that are not directories come first; a directory gets a heading when there is
 * more than one operand. Names are sorted by their bytes. Owners are numbers: the system has
 * no user database. Status: 0; 1 something inside a directory failed; 2 an operand did.
 */
#include "userland/c/lib/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define HALF_YEAR_SECONDS (182L * 24 * 60 * 60) /* POSIX ls: older files show the year */

struct entry {
    char *name;
    struct stat st;
};

struct listing {
    struct entry *entries;
    size_t count;
};

static struct options {
    bool all;
    bool itself; /* -d */
    bool details;
} options;

static void listing_add(struct listing *listing, const char *name, const struct stat *st)
{
    struct entry *larger =
        reallocarray(listing->entries, listing->count + 1, sizeof(*listing->entries));
    struct entry *entry;

    if (!larger)
        program_die(2, name);
    listing->entries = larger;
    entry = &listing->entries[listing->count++];
    entry->name = strdup(name);
    if (!entry->name)
        program_die(2, name);
    entry->st = *st;
}

static void listing_free(struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++)
        free(listing->entries[i].name);
    free(listing->entries);
}

static int entry_compare(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static char type_letter(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return 'd';
    case S_IFLNK:
        return 'l';
    case S_IFCHR:
        return 'c';
    case S_IFBLK:
        return 'b';
    case S_IFIFO:
        return 'p';
    case S_IFSOCK:
        return 's';
    default:
        return '-';
    }
}

static void mode_format(mode_t mode, char text[11])
{
    static const char letters[] = "rwxrwxrwx";

    text[0] = type_letter(mode);
    for (int i = 0; i < 9; i++)
        text[i + 1] = mode & (0400U >> i) ? letters[i] : '-';
    if (mode & S_ISUID)
        text[3] = text[3] == 'x' ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = text[6] == 'x' ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = text[9] == 'x' ? 't' : 'T';
    text[10] = '\0';
}

static void print_time(time_t when)
{
    char text[32] = "?";
    time_t now = time(NULL);
    struct tm *tm = localtime(&when);
    bool recent = when <= now && now - when < HALF_YEAR_SECONDS;

    if (tm)
        strftime(text, sizeof(text), recent ? "%b %e %H:%M" : "%b %e  %Y", tm);
    printf(" %12s ", text);
}

static void print_link_target(const char *directory, const char *name)
{
    char path[4096], target[4096];
    ssize_t length;

    if (directory)
        snprintf(path, sizeof(path), "%s/%s", directory, name);
    else
        snprintf(path, sizeof(path), "%s", name);
    length = readlink(path, target, sizeof(target));
    if (length >= 0)
        printf(" -> %.*s", (int)length, target);
}

static void entry_print(const struct entry *entry, const char *directory)
{
    char mode[11];

    if (!options.details) {
        puts(entry->name);
        return;
    }
    mode_format(entry->st.st_mode, mode);
    printf("%s %3ju %4u %4u ", mode, (uintmax_t)entry->st.st_nlink, entry->st.st_uid,
           entry->st.st_gid);
    if (S_ISCHR(entry->st.st_mode) || S_ISBLK(entry->st.st_mode))
        printf("%4u, %3u", major(entry->st.st_rdev), minor(entry->st.st_rdev));
    else
        printf("%9jd", (intmax_t)entry->st.st_size);
    print_time(entry->st.st_mtime);
    fputs(entry->name, stdout);
    if (S_ISLNK(entry->st.st_mode))
        print_link_target(directory, entry->name);
    putchar('\n');
}

static void listing_print(struct listing *listing, const char *directory)
{
    if (listing->count > 1)
        qsort(listing->entries, listing->count, sizeof(*listing->entries), entry_compare);
    for (size_t i = 0; i < listing->count; i++)
        entry_print(&listing->entries[i], directory);
}

/* Fills LISTING from an open directory. Returns 0, or 1 with the errors said. */
static int directory_read(DIR *dir, const char *path, struct listing *listing)
{
    struct dirent *found;
    struct stat st;
    int status = 0;

    while (errno = 0, (found = readdir(dir)) != NULL) {
        if (found->d_name[0] == '.' && !options.all)
            continue;
        memset(&st, 0, sizeof(st));
        if (options.details && fstatat(dirfd(dir), found->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
            program_warn(found->d_name);
            status = 1;
            continue;
        }
        listing_add(listing, found->d_name, &st);
    }
    if (errno) {
        program_warn(path);
        status = 1;
    }
    return status;
}

static uintmax_t listing_blocks(const struct listing *listing)
{
    uintmax_t blocks = 0;

    for (size_t i = 0; i < listing->count; i++)
        blocks += (uintmax_t)listing->entries[i].st.st_blocks;
    return blocks / 2; /* st_blocks counts 512 bytes; ls speaks of KiB */
}

static int directory_list(const char *path)
{
    struct listing listing = {0};
    DIR *dir = opendir(path);
    int status;

    if (!dir) {
        program_warn(path);
        return 2;
    }
    status = directory_read(dir, path, &listing);
    closedir(dir);
    if (options.details)
        printf("total %ju\n", listing_blocks(&listing));
    listing_print(&listing, path);
    listing_free(&listing);
    return status;
}

/* Sorts one operand into FILES or DIRECTORIES; 2 if it cannot be looked at. */
static int operand_sort(const char *name, struct listing *files, struct listing *directories)
{
    struct stat st, target;

    if (lstat(name, &st) < 0) {
        program_warn(name);
        return 2;
    }
    if (!options.details && !options.itself && S_ISLNK(st.st_mode) && stat(name, &target) == 0)
        st = target;
    listing_add(S_ISDIR(st.st_mode) && !options.itself ? directories : files, name, &st);
    return 0;
}

static int operands_list(char **names, int count)
{
    struct listing files = {0}, directories = {0};
    int one, status = 0;

    for (int i = 0; i < count; i++)
        status |= operand_sort(names[i], &files, &directories);
    listing_print(&files, NULL);
    if (directories.count > 1)
        qsort(directories.entries, directories.count, sizeof(struct entry), entry_compare);
    for (size_t i = 0; i < directories.count; i++) {
        if (count > 1)
            printf("%s%s:\n", i > 0 || files.count > 0 ? "\n" : "", directories.entries[i].name);
        one = directory_list(directories.entries[i].name);
        status = one > status ? one : status;
    }
    listing_free(&files);
    listing_free(&directories);
    return status;
}

int main(int argc, char **argv)
{
    static char *here[] = {"."};
    int option, status;

    program_begin(argv, "ls");
    while ((option = getopt(argc, argv, "1adl")) != -1) {
        if (option == 'a')
            options.all = true;
        else if (option == 'd')
            options.itself = true;
        else if (option == 'l')
            options.details = true;
        else if (option != '1')
            program_usage(2, "ls [-1adl] [file...]");
    }
    if (optind == argc)
        status = operands_list(here, 1);
    else
        status = operands_list(argv + optind, argc - optind);
    return program_finish_or(status, 2);
}
