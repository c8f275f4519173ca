/* Files in /tmp: made, written, cut, mapped, removed while open; a full one says ENOSPC. */
#include "check.h"

#include <sys/statfs.h>
#include <sys/uio.h>

#define TMP "/tmp/tmp_files."

static struct stat stat_of(const char *path)
{
    struct stat st = {0};

    CHECK_OK(lstat(path, &st));
    return st;
}

static void opening_makes_files(void)
{
    int fd;

    umask(027);
    fd = REQUIRE(open(TMP "a", O_WRONLY | O_CREAT | O_EXCL, 0666));
    CHECK_EQ(stat_of(TMP "a").st_mode, S_IFREG | 0640);
    CHECK_ERR(open(TMP "a", O_WRONLY | O_CREAT | O_EXCL, 0666), EEXIST);
    CHECK_ERR(open(TMP "none/a", O_WRONLY | O_CREAT, 0666), ENOENT);
    CHECK_ERR(open(TMP "a/a", O_WRONLY | O_CREAT, 0666), ENOTDIR);
    CHECK_ERR(open(TMP "new/", O_WRONLY | O_CREAT, 0666), EISDIR);
    CHECK_ERR(open("/tmp", O_WRONLY | O_CREAT, 0666), EISDIR);
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    CHECK_OK(close(fd));
    fd = REQUIRE(open(TMP "a", O_RDWR | O_CREAT | O_TRUNC, 0666));
    CHECK_EQ(stat_of(TMP "a").st_size, 0);
    CHECK_OK(close(fd));
    fd = REQUIRE(open(TMP "ro", O_RDWR | O_CREAT, 0)); /* its maker may write all the same */
    CHECK_EQ(write(fd, "x", 1), 1);
    CHECK_OK(close(fd));
    CHECK_OK(symlink("tmp_files.behind", TMP "link"));
    fd = REQUIRE(open(TMP "link", O_WRONLY | O_CREAT, 0644)); /* made where the link leads */
    CHECK_OK(close(fd));
    CHECK(S_ISREG(stat_of(TMP "behind").st_mode));
    CHECK_ERR(open(TMP "link", O_WRONLY | O_CREAT | O_EXCL, 0644), EEXIST);
    CHECK_OK(unlink(TMP "link"));
    CHECK_OK(unlink(TMP "behind"));
    CHECK_OK(unlink(TMP "ro"));
    CHECK_OK(unlink(TMP "a"));
    umask(022);
}

static void positions_and_vectors(void)
{
    int fd = REQUIRE(open(TMP "p", O_RDWR | O_CREAT, 0644));
    struct iovec out[2] = {{"abc", 3}, {"defg", 4}};
    char buffer[16] = "", more[16] = "";
    struct iovec in[2] = {{buffer, 2}, {more, 10}};

    CHECK_EQ(pwritev(fd, out, 2, 5000), 7);
    CHECK_EQ(pwrite(fd, "xy", 2, 1), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
    CHECK_EQ(preadv(fd, in, 2, 5001), 6);
    CHECK(memcmp(buffer, "bc", 2) == 0 && memcmp(more, "defg", 4) == 0);
    CHECK_EQ(pread(fd, buffer, 5, 0), 5);
    CHECK(memcmp(buffer, "\0xy\0\0", 5) == 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 5007);
    CHECK_OK(fsync(fd));
    CHECK_OK(fdatasync(fd));
    CHECK_OK(fcntl(fd, F_SETFL, O_APPEND));
    CHECK_OK(lseek(fd, 0, SEEK_SET));
    CHECK_EQ(write(fd, "end", 3), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 5010);
    CHECK_OK(close(fd));
    CHECK_OK(unlink(TMP "p"));
}

static void cutting_leaves_zeroes(void)
{
    int fd = REQUIRE(open(TMP "t", O_RDWR | O_CREAT, 0644));
    static char data[3 * PAGE];
    struct stat st;

    memset(data, 'x', sizeof(data));
    CHECK_EQ(write(fd, data, sizeof(data)), sizeof(data));
    CHECK_OK(ftruncate(fd, 100));
    CHECK_OK(truncate(TMP "t", 2 * PAGE));
    CHECK_EQ(pread(fd, data, sizeof(data), 0), 2 * PAGE);
    CHECK_EQ(byte_mismatch(data, 100, 'x'), -1);
    CHECK_EQ(byte_mismatch(data + 100, 2 * PAGE - 100, 0), -1);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_blocks, 8);
    CHECK_ERR(ftruncate(fd, -1), EINVAL);
    CHECK_ERR(truncate("/tmp", 0), EISDIR);
    CHECK_OK(close(fd));
    CHECK_OK(unlink(TMP "t"));
}

static void mapping_shows_the_file(void)
{
    int fd = REQUIRE(open(TMP "m", O_RDWR | O_CREAT, 0644));
    char *shared, *private, byte;

    CHECK_OK(ftruncate(fd, 2 * PAGE));
    shared = REQUIRE((char *)mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0));
    private = REQUIRE((char *)mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0));
    shared[PAGE] = 'a';
    CHECK_EQ(private[PAGE], 'a');
    CHECK_EQ(pread(fd, &byte, 1, PAGE), 1);
    CHECK_EQ(byte, 'a');
    CHECK_EQ(pwrite(fd, "b", 1, PAGE), 1);
    CHECK_EQ(shared[PAGE], 'b');
    CHECK_OK(ftruncate(fd, 10));
    CHECK_KILLED(child_run((void (*)(void *))touch_load, shared + PAGE), SIGBUS);
    CHECK_KILLED(child_run((void (*)(void *))touch_load, private + PAGE), SIGBUS);
    CHECK_OK(ftruncate(fd, 2 * PAGE));
    CHECK_EQ(shared[PAGE], 0);
    CHECK_OK(munmap(shared, 2 * PAGE));
    CHECK_OK(munmap(private, 2 * PAGE));
    CHECK_OK(close(fd));
    CHECK_OK(unlink(TMP "m"));
}

static void removed_file_lives_while_open(void)
{
    int fd = REQUIRE(open(TMP "u", O_RDWR | O_CREAT, 0644));
    char link[64], text[64] = "";
    struct stat st;

    CHECK_EQ(write(fd, "still", 5), 5);
    CHECK_OK(unlink(TMP "u"));
    CHECK_ERR(open(TMP "u", O_RDONLY), ENOENT);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0);
    CHECK_EQ(pread(fd, text, 8, 0), 5);
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    CHECK(readlink(link, text, sizeof(text)) > 0 && strcmp(text, TMP "u (deleted)") == 0, "%s",
          text);
    CHECK_OK(close(fd));
}

static void attributes_change(void)
{
    struct timespec times[2] = {{1000, 5}, {2000, 7}};
    int fd = REQUIRE(open(TMP "s", O_RDWR | O_CREAT, 0644));
    struct stat st;

    CHECK_OK(utimensat(AT_FDCWD, TMP "s", times, 0));
    st = stat_of(TMP "s");
    CHECK(st.st_atim.tv_sec == 1000 && st.st_atim.tv_nsec == 5);
    CHECK(st.st_mtim.tv_sec == 2000 && st.st_mtim.tv_nsec == 7);
    CHECK_OK(futimens(fd, NULL));
    CHECK(stat_of(TMP "s").st_mtime > 2000);
    CHECK_OK(fchmod(fd, 04711));
    CHECK_EQ(stat_of(TMP "s").st_mode, S_IFREG | 04711);
    CHECK_OK(chown(TMP "s", 5, 6));
    st = stat_of(TMP "s");
    CHECK(st.st_uid == 5 && st.st_gid == 6);
    CHECK_EQ(st.st_mode, S_IFREG | 0711); /* a new owner takes the set-id bit off */
    CHECK_OK(chmod(TMP "s", 0600));
    CHECK_OK(close(fd));
    CHECK_OK(unlink(TMP "s"));
}

/* Only where /tmp is a tmpfs, and a small one: elsewhere it would be a lot to write. */
static void full_says_so(void)
{
    static char data[64 * PAGE], mounts[8192];
    struct statfs before, after;
    ssize_t n;
    int fd;

    CHECK(file_read("/proc/mounts", mounts, sizeof(mounts)) > 0);
    if (!strstr(mounts, "tmpfs /tmp "))
        return;
    CHECK_OK(statfs("/tmp", &before));
    CHECK_EQ(before.f_type, 0x01021994);
    if (before.f_bavail > 0x20000)
        return;
    fd = REQUIRE(open(TMP "full", O_WRONLY | O_CREAT, 0644));
    while ((n = write(fd, data, sizeof(data))) > 0)
        ;
    CHECK(n < 0 && errno == ENOSPC, "%ld, %s", (long)n, strerror(errno));
    CHECK_OK(close(fd));
    CHECK_OK(unlink(TMP "full"));
    CHECK_OK(statfs("/tmp", &after));
    CHECK_EQ(after.f_bavail, before.f_bavail);
}

int main(void)
{
    opening_makes_files();
    positions_and_vectors();
    cutting_leaves_zeroes();
    mapping_shows_the_file();
    removed_file_lives_while_open();
    attributes_change();
    full_says_so();
    return check_end();
}
