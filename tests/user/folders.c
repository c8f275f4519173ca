/* getdents64 over a folder of 3000 names: each once, with every buffer size; seeking back; the
 * working directory. */
#include "check.h"

#include <dirent.h>
#include <limits.h>

#define COUNT 3000

static bool seen[COUNT];

/* One entry of /data/big: its number is in its name, and tells how long that is. */
static void take(const char *name)
{
    int number;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    number = atoi(name);
    CHECK(number >= 0 && number < COUNT && !seen[number], "%s", name);
    CHECK_EQ(strlen(name), 4 + number * 7 % 90);
    if (number >= 0 && number < COUNT)
        seen[number] = true;
}

static void all_were_seen(void)
{
    int missing = 0;

    for (int i = 0; i < COUNT; i++)
        missing += !seen[i];
    CHECK_EQ(missing, 0);
    memset(seen, 0, sizeof(seen));
}

static void read_with_buffer(int fd, size_t size)
{
    char *buffer = malloc(size);
    struct dirent *entry;
    ssize_t n;

    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    while ((n = CHECK_OK((ssize_t)syscall(SYS_getdents64, fd, buffer, size))) > 0)
        for (ssize_t at = 0; at < n; at += entry->d_reclen) {
            entry = (struct dirent *)(buffer + at);
            CHECK(entry->d_reclen % 8 == 0 && entry->d_reclen >= 24 && at + entry->d_reclen <= n);
            CHECK(entry->d_ino != 0);
            take(entry->d_name);
            if (check_failures)
                _exit(1);
        }
    all_were_seen();
    free(buffer);
}

static void telldir_comes_back(void)
{
    DIR *folder = opendir(DATA "big");
    char name[NAME_MAX + 1];
    struct dirent *entry;
    long place;

    if (!folder) {
        CHECK_FAILED("opendir");
        return;
    }
    for (int i = 0; i < 1000; i++)
        CHECK(readdir(folder) != NULL);
    place = telldir(folder);
    entry = readdir(folder);
    strcpy(name, entry->d_name);
    for (int i = 0; i < 500; i++)
        CHECK(readdir(folder) != NULL);
    seekdir(folder, place);
    entry = readdir(folder);
    CHECK(entry && strcmp(entry->d_name, name) == 0);
    rewinddir(folder);
    while ((entry = readdir(folder)))
        take(entry->d_name);
    all_were_seen();
    closedir(folder);
}

static void types_are_told(void)
{
    DIR *folder = opendir(DATA);
    struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        if (strcmp(entry->d_name, "short") == 0)
            CHECK_EQ(entry->d_type, DT_REG);
        if (strcmp(entry->d_name, "big") == 0 || entry->d_name[0] == '.')
            CHECK_EQ(entry->d_type, DT_DIR);
    }
    if (folder)
        closedir(folder);
    folder = opendir(DATA "links");
    while (folder && (entry = readdir(folder)))
        if (entry->d_name[0] != '.')
            CHECK_EQ(entry->d_type, DT_LNK);
    if (folder)
        closedir(folder);
}

static void working_directory(void)
{
    char text[PATH_MAX];

    CHECK_OK(chdir("/data/links/folder"));
    CHECK(getcwd(text, sizeof(text)) && strcmp(text + strlen(text) - 4, "/big") == 0);
    CHECK_OK(chdir(".."));
    CHECK_OK(access("short", R_OK));
    CHECK_OK(chdir("/"));
    CHECK_EQ(syscall(SYS_getcwd, text, sizeof(text)), 2); /* the length with its NUL */
    CHECK_EQ(strcmp(text, "/"), 0);
    CHECK_OK(chdir("../../.."));
    CHECK_EQ(syscall(SYS_getcwd, text, sizeof(text)), 2);
    CHECK_ERR(syscall(SYS_getcwd, text, 1), ERANGE);
    CHECK_ERR(chdir("/data/short"), ENOTDIR);
    CHECK_ERR(chdir("/nowhere"), ENOENT);
    CHECK_ERR(chdir(""), ENOENT);
    CHECK_ERR(fchdir(999), EBADF);
}

int main(void)
{
    int fd = REQUIRE(open(DATA "big", O_RDONLY | O_DIRECTORY));
    char small[16];

    read_with_buffer(fd, 1 << 20);
    read_with_buffer(fd, 32768);
    read_with_buffer(fd, 4096);
    read_with_buffer(fd, 120); /* the longest entry needs 19 + 93 + 1 bytes, rounded up */
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_ERR(syscall(SYS_getdents64, fd, small, sizeof(small)), EINVAL);
    telldir_comes_back();
    types_are_told();
    working_directory();
    return check_end();
}
