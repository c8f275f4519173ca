/*
 * mmap-private.c - changes to a private mapping do not reach the file (seed text 001, example 4).
 *
 * The program makes a file, maps it MAP_PRIVATE, and writes into the mapping. The first write
 * to the page makes the kernel copy it; the copy is this process's own. Reading the file again
 * with read shows what it held before. Usage: mmap-private [FILE], default
 * /tmp/mmap-private.txt, which is removed at the end.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char original[] = "original";

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static int run(int fd)
{
    char seen[sizeof(original)] = "";
    char *data;

    if (write(fd, original, sizeof(original)) != (ssize_t)sizeof(original))
        return fail("write");
    data = mmap(NULL, sizeof(original), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return fail("mmap");
    memcpy(data, "changed!", strlen("changed!"));
    if (pread(fd, seen, sizeof(seen), 0) != (ssize_t)sizeof(seen))
        return fail("pread");
    printf("mapping: %s\nfile:    %s\n", data, seen);
    return strcmp(seen, original) == 0 && strcmp(data, "changed!") == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/tmp/mmap-private.txt";
    int status, fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    if (fd < 0)
        return fail(path);
    status = run(fd);
    unlink(path);
    return status;
}
