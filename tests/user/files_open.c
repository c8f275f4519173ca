/* open: flags, and the walk along a path: `.`, `..`, slashes, symbolic links, lengths, what is no
 * folder. */
#include "check.h"

#include <limits.h>

struct walk {
    const char *path;
    int flags, error; /* 0: opens */
};

static const struct walk table[] = {
    {DATA "short", O_RDONLY, 0},
    {DATA "/short", O_RDONLY, 0},
    {"/data/./short", O_RDONLY, 0},
    {"/data/big/../short", O_RDONLY, 0},
    {"/../../data/short", O_RDONLY, 0},
    {"//data///short", O_RDONLY, 0},
    {"/data/", O_RDONLY, 0},
    {"/", O_RDONLY | O_DIRECTORY, 0},
    {"", O_RDONLY, ENOENT},
    {"/data/nowhere", O_RDONLY, ENOENT},
    {"/data/nowhere/short", O_RDONLY, ENOENT},
    {"/data/nowhere/../short", O_RDONLY, ENOENT},
    {"/data/short/", O_RDONLY, ENOTDIR},
    {"/data/short/.", O_RDONLY, ENOTDIR},
    {"/data/short/..", O_RDONLY, ENOTDIR},
    {"/data/short/x", O_RDONLY, ENOTDIR},
    {"/data/short", O_RDONLY | O_DIRECTORY, ENOTDIR},
    {"/data", O_WRONLY, EISDIR},
    {"/data", O_RDWR, EISDIR},
    {"/data", O_RDONLY | O_CREAT, EISDIR},
    {"/data/short", O_RDONLY | O_CREAT | O_EXCL, EEXIST},
    {"/data/short", O_RDONLY | O_CREAT, 0},
    {DATA "links/relative", O_RDONLY, 0},
    {DATA "links/absolute", O_RDONLY, 0},
    {DATA "links/fast", O_RDONLY, 0},
    {DATA "links/slow", O_RDONLY, 0},
    {DATA "links/very-slow", O_RDONLY, 0},
    {DATA "links/folder/../short", O_RDONLY, 0},
    {DATA "links/through", O_RDONLY, 0},
    {DATA "links/folder", O_RDONLY | O_DIRECTORY, 0},
    {DATA "links/folder/0000", O_RDONLY, 0},
    {DATA "links/dangling", O_RDONLY, ENOENT},
    {DATA "links/dangling", O_RDONLY | O_CREAT | O_EXCL, EEXIST},
    {DATA "links/to-file-slash", O_RDONLY, ENOTDIR},
    {DATA "links/loop-a", O_RDONLY, ELOOP},
    {DATA "links/self", O_RDONLY, ELOOP},
    {DATA "links/self/x", O_RDONLY, ELOOP},
    {DATA "links/chain-39", O_RDONLY, 0}, /* 40 links, path_resolution(7) */
    {DATA "links/chain-40", O_RDONLY, ELOOP},
    {DATA "links/relative", O_RDONLY | O_NOFOLLOW, ELOOP},
    {DATA "links/folder/0000", O_RDONLY | O_NOFOLLOW, 0},
    {DATA "links/relative", O_PATH | O_NOFOLLOW, 0},
    {DATA "short", O_RDONLY | O_NOFOLLOW, 0},
};

static void walk(const struct walk *row)
{
    int fd, error;

    errno = 0;
    fd = open(row->path, row->flags, 0);
    error = fd < 0 ? errno : 0;
    if (error != row->error)
        CHECK_FAILED("open", "%.60s with flags %#o: %s, wanted %s", row->path, row->flags,
                     error ? strerrorname_np(error) : "success",
                     row->error ? strerrorname_np(row->error) : "success");
    if (fd >= 0)
        close(fd);
}

static void lengths(void)
{
    char *path = malloc(2 * PATH_MAX);

    memset(path, 'n', 2 * PATH_MAX);
    memcpy(path, "/data/", 6);
    path[6 + NAME_MAX] = 0;
    CHECK_ERR(open(path, O_RDONLY), ENOENT); /* a name of 255 bytes may be */
    path[6 + NAME_MAX] = 'n';
    path[6 + NAME_MAX + 1] = 0;
    CHECK_ERR(open(path, O_RDONLY), ENAMETOOLONG);
    for (int i = 0; i < PATH_MAX; i++)
        path[i] = "./"[i % 2];
    path[PATH_MAX - 2] = 0; /* with its NUL 4095 */
    CHECK_OK(chdir("/data"));
    CHECK_OK(open(path, O_RDONLY));
    path[PATH_MAX - 2] = '/';
    path[PATH_MAX - 1] = '/';
    path[PATH_MAX] = 0;
    CHECK_ERR(open(path, O_RDONLY), ENAMETOOLONG);
    free(path);
}

static void relative_to_a_folder(void)
{
    int folder = REQUIRE(open(DATA "links", O_RDONLY | O_DIRECTORY));
    int file = REQUIRE(open(DATA "short", O_RDONLY));

    CHECK_OK(openat(folder, "relative", O_RDONLY));
    CHECK_OK(openat(folder, "../short", O_RDONLY));
    CHECK_OK(openat(folder, "/data/short", O_RDONLY));
    CHECK_OK(openat(-5, "/data/short", O_RDONLY)); /* absolute: not looked at */
    CHECK_ERR(openat(-5, "short", O_RDONLY), EBADF);
    CHECK_ERR(openat(file, "short", O_RDONLY), ENOTDIR);
    CHECK_ERR(openat(folder, "", O_RDONLY), ENOENT);
    CHECK_OK(chdir(DATA "big"));
    CHECK_OK(openat(AT_FDCWD, "0000", O_RDONLY));
}

static void links_are_read(void)
{
    char text[5000];

    CHECK_EQ(readlink(DATA "links/relative", text, sizeof(text)), 8);
    CHECK_EQ(memcmp(text, "../short", 8), 0);
    CHECK_EQ(readlink(DATA "links/relative", text, 3), 3);
    CHECK_EQ(readlink(DATA "links/slow", text, sizeof(text)), 68);
    CHECK_EQ(readlink(DATA "links/very-slow", text, sizeof(text)), 4008);
    CHECK_EQ(memcmp(text + 4000, "../short", 8), 0);
    CHECK_EQ(readlink(DATA "links/dangling", text, sizeof(text)), 7);
    CHECK_ERR(readlink(DATA "short", text, sizeof(text)), EINVAL);
    CHECK_ERR(readlink(DATA "nowhere", text, sizeof(text)), ENOENT);
    CHECK_ERR(syscall(SYS_readlinkat, AT_FDCWD, DATA "links/relative", text, 0), EINVAL);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        walk(&table[i]);
    lengths();
    relative_to_a_folder();
    links_are_read();
    return check_end();
}
