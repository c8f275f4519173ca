/*
 * mmap-fork-private.c - fork and a private file mapping (seed text 001, example 7).
 *
 * The parent maps a file MAP_PRIVATE, the child writes into the mapping, the parent reads it.
 * Neither the parent's mapping nor the file shows the child's write: it went to a copy.
 * Usage: mmap-fork-private [FILE], default /tmp/mmap-fork-private.txt, removed at the end.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char original[] = "written by the parent";

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static void child_write(char *data)
{
    memcpy(data + strlen("written by the "), "child!", strlen("child!"));
    printf("child:  %s\n", data);
    fflush(stdout);
    _exit(0);
}

static int run(int fd)
{
    char seen[sizeof(original)] = "";
    pid_t child;
    char *data;

    if (write(fd, original, sizeof(original)) != (ssize_t)sizeof(original))
        return fail("write");
    data = mmap(NULL, sizeof(original), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return fail("mmap");
    child = fork();
    if (child < 0)
        return fail("fork");
    if (child == 0)
        child_write(data);
    if (waitpid(child, NULL, 0) < 0)
        return fail("waitpid");
    if (pread(fd, seen, sizeof(seen), 0) != (ssize_t)sizeof(seen))
        return fail("pread");
    printf("parent: %s\nfile:   %s\n", data, seen);
    return strcmp(data, original) == 0 && strcmp(seen, original) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/tmp/mmap-fork-private.txt";
    int status, fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    if (fd < 0)
        return fail(path);
    status = run(fd);
    unlink(path);
    return status;
}
