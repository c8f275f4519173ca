/* directories.c - paths, working directories, listings. */
#include "tests/diff/cases.h"

#include <dirent.h>

#define MAX_NAMES 64

static void say_directory(const char *what)
{
    char path[4096];

    dprintf(STDOUT_FILENO, "%s: %s\n", what, getcwd(path, sizeof(path)) ? path : "none");
}

CASE(working_directory)
{
    say("chdir", chdir("/d/dir"));
    say_directory("now");
    say("up", chdir(".."));
    say_directory("up");
    say("by link", chdir("/d/dirlink/sub"));
    say_directory("by link");
    say("far up", chdir("../../../../../.."));
    say_directory("top");
    say("above the top", chdir(".."));
    say_directory("still");
}

CASE(chdir_errors)
{
    char small[4];

    say("missing", chdir("/d/missing"));
    say("file", chdir("/d/hello"));
    say("empty", chdir(""));
    say("loop", chdir("/d/loop1"));
    say("null", chdir((char *)8));
    say("fchdir file", fchdir(open("/d/hello", O_RDONLY)));
    say("fchdir nothing", fchdir(99));
    chdir("/d/dir");
    say("short buffer", getcwd(small, sizeof(small)) ? 0 : -1);
}

CASE(fchdir_and_openat)
{
    char text[20];
    int fd = open("/d/dir", O_RDONLY | O_DIRECTORY);

    say_bytes("at", text, read(openat(fd, "a", O_RDONLY), text, sizeof(text)));
    say_bytes("up", text, read(openat(fd, "../hello", O_RDONLY), text, sizeof(text)));
    say_bytes("absolute", text, read(openat(fd, "/d/hello", O_RDONLY), text, sizeof(text)));
    say("fchdir", fchdir(fd));
    say_directory("there");
    say_bytes("relative", text, read(open("sub/deep/file", O_RDONLY), text, sizeof(text)));
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The names of a folder in the order of the alphabet: a file system has its own. */
static void say_listing(const char *path)
{
    static char names[MAX_NAMES][300];
    DIR *folder = opendir(path);
    size_t count = 0;

    if (!folder) {
        say(path, -1);
        return;
    }
    for (struct dirent *entry; count < MAX_NAMES && (entry = readdir(folder)); count++)
        snprintf(names[count], sizeof(names[count]), "%s type %d", entry->d_name, entry->d_type);
    qsort(names, count, sizeof(names[0]), compare_names);
    for (size_t i = 0; i < count; i++)
        dprintf(STDOUT_FILENO, "%s: %s\n", path, names[i]);
    say("close", closedir(folder));
}

CASE(listings)
{
    say_listing("/d/dir");
    say_listing("/d/dir/sub");
    say_listing("/d/hollow");
    say_listing("/d/dirlink");
    say_listing("/d/hello");
    say_listing("/d/missing");
}

CASE(listing_again)
{
    DIR *folder = opendir("/d/dir");
    long first = 0, second = 0;

    while (readdir(folder))
        first++;
    rewinddir(folder);
    while (readdir(folder))
        second++;
    say("first", first);
    say("second", second);
    say("closed", closedir(folder));
}

CASE(listing_small_buffer)
{
    char little[8];
    int fd = open("/d/dir", O_RDONLY | O_DIRECTORY);

    say("too small", getdents64(fd, little, sizeof(little)));
    say("file", getdents64(open("/d/hello", O_RDONLY), little, sizeof(little)));
    say("nothing", getdents64(99, little, sizeof(little)));
}

CASE(paths_with_dots_and_slashes)
{
    static const char *const paths[] = {"/d/./hello",     "//d///hello",         "/d/dir/../hello",
                                        "/d/dir/.",       "/d/hello/..",         "/d/hello/.",
                                        "/../../d/hello", "/d/dirlink/../hello", "/d/link/",
                                        "/d/absolute",    "/d/chain1",           "/."};

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        dprintf(STDOUT_FILENO, "%s %s\n", paths[i],
                access(paths[i], F_OK) == 0 ? "is there" : strerrorname_np(errno));
}

CASE(long_name)
{
    char path[400] = "/d/", text[10];

    memset(path + 3, 'n', 255);
    say_bytes("255", text, read(open(path, O_RDONLY), text, sizeof(text)));
    strcat(path, "n");
    say("256", open(path, O_RDONLY));
}

CASE(working_directory_is_inherited)
{
    pid_t pid;

    chdir("/d/dir");
    pid = must_fork();
    if (pid == 0) {
        say_directory("child");
        _exit(chdir("sub"));
    }
    say_wait("child", pid);
    say_directory("parent");
}
