/* A file system mounted read-only says EROFS to whatever would change it, and nothing less. */
#include "check.h"

#include <sys/statfs.h>
#include <sys/statvfs.h>

static void openings(void)
{
    CHECK_ERR(open(DATA "short", O_WRONLY), EROFS);
    CHECK_ERR(open(DATA "short", O_RDWR), EROFS);
    CHECK_ERR(open(DATA "short", O_RDONLY | O_TRUNC), EROFS);
    CHECK_ERR(open(DATA "new", O_RDONLY | O_CREAT, 0644), EROFS);
    CHECK_ERR(open(DATA "new", O_WRONLY | O_CREAT | O_EXCL, 0644), EROFS);
    CHECK_ERR(open(DATA "nowhere/new", O_WRONLY | O_CREAT, 0644), ENOENT);
    CHECK_ERR(access(DATA "short", W_OK), EROFS);
    CHECK_OK(access("/dev/null", W_OK));
    CHECK_OK(open("/dev/null", O_WRONLY | O_TRUNC));
}

static void changes(void)
{
    int file = REQUIRE(open(DATA "short", O_RDONLY));

    CHECK_ERR(mkdir(DATA "new", 0755), EROFS);
    CHECK_ERR(mkdir(DATA "big", 0755), EEXIST);
    CHECK_ERR(unlink(DATA "short"), EROFS);
    CHECK_ERR(rmdir(DATA "big"), EROFS);
    CHECK_ERR(symlink("target", DATA "new"), EROFS);
    CHECK_ERR(link(DATA "short", DATA "new"), EROFS);
    CHECK_ERR(rename(DATA "short", DATA "new"), EROFS);
    CHECK_ERR(truncate(DATA "short", 0), EROFS);
    CHECK_ERR(ftruncate(file, 0), EINVAL); /* not open for writing */
    CHECK_ERR(chmod(DATA "short", 0600), EROFS);
    CHECK_ERR(fchmod(file, 0600), EROFS);
    CHECK_ERR(chown(DATA "short", 1, 1), EROFS);
    CHECK_ERR(utimensat(AT_FDCWD, DATA "short", NULL, 0), EROFS);
    CHECK_ERR(mknod(DATA "new", S_IFREG | 0644, 0), EROFS);
    CHECK_ERR(unlink(DATA "nowhere"), EROFS);
}

static void it_says_so(void)
{
    struct statvfs info;
    struct statfs raw;

    CHECK_OK(statvfs(DATA, &info));
    CHECK_EQ(info.f_flag & ST_RDONLY, ST_RDONLY);
    CHECK_OK(statfs(DATA, &raw));
    CHECK_EQ(raw.f_type, 0xef53);
    CHECK_EQ(raw.f_bsize, 4096);
    CHECK_EQ(raw.f_namelen, 255);
    CHECK(raw.f_blocks > 0 && raw.f_bfree < raw.f_blocks);
}

int main(void)
{
    openings();
    changes();
    it_says_so();
    return check_end();
}
