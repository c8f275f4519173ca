/* stat, statx, access: types, modes, sizes, links, devices, and that they agree. */
#include "check.h"

#include <sys/statfs.h>
#include <sys/sysmacros.h>

static struct stat stat_of(const char *path)
{
    struct stat info = {0};

    CHECK_OK(stat(path, &info));
    return info;
}

static void files(void)
{
    struct stat info = stat_of(DATA "short"), same;
    int fd = REQUIRE(open(DATA "short", O_RDONLY));

    CHECK(S_ISREG(info.st_mode));
    CHECK_EQ(info.st_mode & 07777, 0644);
    CHECK_EQ(info.st_size, 5000);
    CHECK_EQ(info.st_nlink, 1);
    CHECK_EQ(info.st_uid + info.st_gid, 0);
    CHECK(info.st_blocks >= 10 && info.st_blocks % 8 == 0);
    CHECK_EQ(info.st_blksize, 4096);
    CHECK(info.st_mtime > 1500000000);
    CHECK_OK(fstat(fd, &same));
    CHECK(same.st_ino == info.st_ino && same.st_dev == info.st_dev);
    CHECK_OK(fstatat(fd, "", &same, AT_EMPTY_PATH));
    CHECK_EQ(same.st_ino, info.st_ino);
    CHECK(stat_of(DATA "pattern").st_ino != info.st_ino);
    CHECK_EQ(stat_of(DATA "pattern").st_size, MIB + 123);
    CHECK_EQ(stat_of(DATA "empty").st_size, 0);
    CHECK_EQ(stat_of(DATA "sparse").st_size, (1036 + 1053576L + 100) * 4096 + 77);
    CHECK(stat_of(DATA "sparse").st_blocks < 1000); /* holes hold nothing */
    close(fd);
}

static void modes_and_links(void)
{
    struct stat info;

    CHECK_EQ(stat_of(DATA "modes/0000").st_mode, S_IFREG);
    CHECK_EQ(stat_of(DATA "modes/4711").st_mode, S_IFREG | 04711);
    CHECK_EQ(stat_of(DATA "modes/1777").st_mode, S_IFREG | 01777);
    CHECK(S_ISDIR(stat_of(DATA).st_mode));
    CHECK_EQ(stat_of(DATA "big").st_nlink, 2);
    CHECK(S_ISREG(stat_of(DATA "links/relative").st_mode));
    CHECK_OK(lstat(DATA "links/relative", &info));
    CHECK_EQ(info.st_mode, S_IFLNK | 0777);
    CHECK_EQ(info.st_size, 8);
    CHECK_ERR(stat(DATA "links/dangling", &info), ENOENT);
    CHECK_OK(lstat(DATA "links/dangling", &info));
    CHECK_ERR(stat(DATA "links/self", &info), ELOOP);
    CHECK_ERR(stat(DATA "short/x", &info), ENOTDIR);
    CHECK_ERR(stat("", &info), ENOENT);
    CHECK_ERR(fstat(999, &info), EBADF);
}

static void devices(void)
{
    CHECK_EQ(stat_of("/dev/null").st_mode, S_IFCHR | 0666);
    CHECK_EQ(stat_of("/dev/null").st_rdev, makedev(1, 3));
    CHECK_EQ(stat_of("/dev/zero").st_rdev, makedev(1, 5));
    CHECK_EQ(stat_of("/dev/full").st_rdev, makedev(1, 7));
    CHECK(S_ISDIR(stat_of("/proc").st_mode));
    CHECK(stat_of("/proc").st_dev != stat_of("/").st_dev);
}

static void statx_agrees(void)
{
    struct stat info = stat_of(DATA "pattern");
    struct statx more;

    memset(&more, 0xff, sizeof(more));
    CHECK_OK(statx(AT_FDCWD, DATA "pattern", 0, STATX_BASIC_STATS, &more));
    CHECK_EQ(more.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
    CHECK_EQ(more.stx_size, info.st_size);
    CHECK_EQ(more.stx_ino, info.st_ino);
    CHECK_EQ(more.stx_mode, info.st_mode);
    CHECK_EQ(more.stx_blocks, info.st_blocks);
    CHECK_EQ(more.stx_mtime.tv_sec, info.st_mtime);
    CHECK_EQ(makedev(more.stx_dev_major, more.stx_dev_minor), info.st_dev);
    CHECK_ERR(statx(AT_FDCWD, DATA "pattern", 0x40000000, STATX_BASIC_STATS, &more), EINVAL);
    CHECK_ERR(statx(AT_FDCWD, "nowhere", 0, STATX_BASIC_STATS, &more), ENOENT);
}

static void access_is_asked(void)
{
    CHECK_OK(access(DATA "short", F_OK));
    CHECK_OK(access(DATA "short", R_OK));
    CHECK_ERR(access(DATA "short", X_OK), EACCES); /* root too needs one x bit */
    CHECK_OK(access(DATA "exec/script", X_OK));
    CHECK_OK(access(DATA "modes/0000", R_OK)); /* root reads all */
    CHECK_OK(access(DATA, X_OK));
    CHECK_ERR(access(DATA "nowhere", F_OK), ENOENT);
    CHECK_ERR(access(DATA "short", 99), EINVAL);
    CHECK_ERR(access(DATA "links/dangling", F_OK), ENOENT);
    CHECK_OK(faccessat(AT_FDCWD, DATA "links/dangling", F_OK, AT_SYMLINK_NOFOLLOW));
}

int main(void)
{
    files();
    modes_and_links();
    devices();
    statx_agrees();
    access_is_asked();
    return check_end();
}
