/* Names in /tmp: every case of rename(2), directories, links, listings while names change. */
#include "check.h"

#include <dirent.h>

#define TMP   "/tmp/tmp_names."
#define FILES 300

static void file_make(const char *path)
{
    CHECK_OK(close(REQUIRE(open(path, O_WRONLY | O_CREAT | O_EXCL, 0644))));
}

static nlink_t links(const char *path)
{
    struct stat st = {0};

    CHECK_OK(lstat(path, &st));
    return st.st_nlink;
}

static ino_t number(const char *path)
{
    struct stat st = {0};

    CHECK_OK(lstat(path, &st));
    return st.st_ino;
}

static bool there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void directories(void)
{
    CHECK_OK(mkdir(TMP "d", 0755));
    CHECK_ERR(mkdir(TMP "d", 0755), EEXIST);
    CHECK_OK(mkdir(TMP "d/sub/", 0755));
    CHECK_EQ(links(TMP "d"), 3);
    CHECK_ERR(rmdir(TMP "d"), ENOTEMPTY);
    CHECK_ERR(unlink(TMP "d"), EISDIR);
    CHECK_ERR(rmdir(TMP "d/."), EINVAL);
    CHECK_ERR(rmdir(TMP "d/sub/.."), ENOTEMPTY);
    CHECK_OK(rmdir(TMP "d/sub"));
    CHECK_EQ(links(TMP "d"), 2);
    file_make(TMP "d/f");
    CHECK_ERR(rmdir(TMP "d/f"), ENOTDIR);
    CHECK_ERR(unlink(TMP "d/f/"), ENOTDIR);
    CHECK_OK(unlink(TMP "d/f"));
    CHECK_OK(rmdir(TMP "d"));
    CHECK_ERR(rmdir(TMP "d"), ENOENT);
}

static void working_directory_removed(void *unused)
{
    char path[256];

    (void)unused;
    CHECK_OK(mkdir(TMP "cwd", 0755));
    CHECK_OK(chdir(TMP "cwd"));
    CHECK_OK(rename(TMP "cwd", TMP "moved"));
    CHECK(getcwd(path, sizeof(path)) && strcmp(path, TMP "moved") == 0, "%s", path);
    CHECK_OK(rmdir(TMP "moved"));
    CHECK_ERR(syscall(SYS_getcwd, path, sizeof(path)), ENOENT);
    CHECK_ERR(open("new", O_WRONLY | O_CREAT, 0644), ENOENT);
    CHECK_ERR(mkdir("new", 0755), ENOENT);
    CHECK_OK(chdir(".."));
    CHECK(getcwd(path, sizeof(path)) && strcmp(path, "/tmp") == 0, "%s", path);
}

static void links_of_both_kinds(void)
{
    char text[64] = "";

    file_make(TMP "f");
    CHECK_OK(link(TMP "f", TMP "g"));
    CHECK_EQ(links(TMP "f"), 2);
    CHECK_EQ(number(TMP "f"), number(TMP "g"));
    CHECK_ERR(link(TMP "f", TMP "g"), EEXIST);
    CHECK_ERR(link("/tmp", TMP "h"), EPERM);
    CHECK_ERR(link("/proc/version", TMP "h"), EXDEV);
    CHECK_OK(rename(TMP "f", TMP "g")); /* one file: nothing happens */
    CHECK(there(TMP "f") && there(TMP "g"));
    CHECK_OK(unlink(TMP "f"));
    CHECK_EQ(links(TMP "g"), 1);
    CHECK_OK(symlink("tmp_names.g", TMP "s"));
    CHECK_EQ(readlink(TMP "s", text, sizeof(text)), 11);
    CHECK_ERR(symlink("", TMP "e"), ENOENT);
    CHECK_OK(access(TMP "s", R_OK));
    CHECK_OK(unlink(TMP "g"));
    CHECK_ERR(access(TMP "s", R_OK), ENOENT);
    CHECK_OK(unlink(TMP "s"));
}

static void renames(void)
{
    ino_t a, b;

    file_make(TMP "a");
    file_make(TMP "b");
    CHECK_OK(mkdir(TMP "d", 0755));
    CHECK_OK(mkdir(TMP "e", 0755));
    CHECK_OK(mkdir(TMP "d/in", 0755));
    a = number(TMP "a");
    CHECK_OK(rename(TMP "a", TMP "b"));
    CHECK_EQ(number(TMP "b"), a);
    CHECK(!there(TMP "a"));
    CHECK_ERR(rename(TMP "a", TMP "b"), ENOENT);
    CHECK_ERR(rename(TMP "b", TMP "d"), EISDIR);
    CHECK_ERR(rename(TMP "d", TMP "b"), ENOTDIR);
    CHECK_ERR(rename(TMP "b", TMP "c/"), ENOTDIR);
    CHECK_ERR(rename(TMP "e", TMP "d"), ENOTEMPTY);
    CHECK_ERR(rename(TMP "d", TMP "d/in/x"), EINVAL);
    CHECK_ERR(rename(TMP "d/in", TMP "d"), ENOTEMPTY);
    CHECK_ERR(rename(TMP "d/.", TMP "x"), EBUSY);
    CHECK_ERR(rename(TMP "b", "/proc/x"), EXDEV);
    CHECK_OK(rename(TMP "d", TMP "e"));
    CHECK(there(TMP "e/in"));
    CHECK_EQ(links(TMP "e"), 3);
    CHECK_OK(rename(TMP "e/in", TMP "in"));
    CHECK_EQ(links(TMP "e"), 2);
    CHECK_ERR(renameat2(AT_FDCWD, TMP "b", AT_FDCWD, TMP "e", RENAME_NOREPLACE), EEXIST);
    b = number(TMP "b");
    CHECK_OK(renameat2(AT_FDCWD, TMP "b", AT_FDCWD, TMP "e", RENAME_EXCHANGE));
    CHECK_EQ(number(TMP "e"), b);
    CHECK_OK(rmdir(TMP "b"));
    CHECK_OK(unlink(TMP "e"));
    CHECK_OK(rmdir(TMP "in"));
}

static void sticky_protects(void *unused)
{
    (void)unused;
    file_make(TMP "root");
    CHECK_OK(setgid(1000));
    CHECK_OK(setuid(1000));
    CHECK_ERR(unlink(TMP "root"), EPERM);
    CHECK_ERR(rename(TMP "root", TMP "mine"), EPERM);
    CHECK_ERR(chmod(TMP "root", 0777), EPERM);
    CHECK_ERR(open(TMP "root", O_WRONLY | O_CREAT, 0644), EACCES);
    file_make(TMP "mine");
    CHECK_ERR(chown(TMP "mine", 0, 0), EPERM);
    CHECK_OK(unlink(TMP "mine"));
}

/* Every name that stays is seen once, though others come and go between the pieces. */
static void listing_is_stable(void)
{
    char path[512];
    unsigned seen[FILES] = {0};
    struct dirent *entry;
    DIR *dir;
    int nr = 0, at;

    CHECK_OK(mkdir(TMP "l", 0755));
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof(path), TMP "l/%d", i);
        file_make(path);
    }
    dir = opendir(TMP "l");
    while ((entry = readdir(dir))) {
        if (sscanf(entry->d_name, "%d", &at) == 1 && at < FILES)
            seen[at]++;
        snprintf(path, sizeof(path), TMP "l/%s", entry->d_name);
        if (entry->d_name[0] != '.' && entry->d_name[0] != 'n')
            CHECK_OK(unlink(path));
        snprintf(path, sizeof(path), TMP "l/n%d", nr++);
        if (nr < FILES)
            file_make(path);
    }
    closedir(dir);
    for (int i = 0; i < FILES; i++)
        CHECK_EQ(seen[i], 1);
    for (int i = 0; i < FILES - 1; i++) {
        snprintf(path, sizeof(path), TMP "l/n%d", i);
        unlink(path);
    }
    CHECK_OK(rmdir(TMP "l"));
}

int main(void)
{
    directories();
    CHECK_EXIT(child_run(working_directory_removed, NULL), 0);
    links_of_both_kinds();
    renames();
    CHECK_EXIT(child_run(sticky_protects, NULL), 0);
    CHECK_OK(unlink(TMP "root"));
    listing_is_stable();
    return check_end();
}
