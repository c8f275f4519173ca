/*
 * mmap-fileread.c - reads a file without read (seed text 001, example 2).
 *
 * The file is mapped and its bytes are taken from memory; the kernel reads each page when it is
 * first touched. A file's length is rarely a multiple of the page size: the rest of the last
 * page reads as zeros, so the length comes from fstat. Usage: mmap-fileread [FILE]; the
 * default is /etc/motd. Writes the file to standard output.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *what)
{
    perror(what);
    return 1;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/etc/motd";
    int fd = open(path, O_RDONLY);
    struct stat st;
    size_t length;
    char *data;

    if (fd < 0 || fstat(fd, &st) < 0)
        return fail(path);
    length = (size_t)st.st_size;
    if (length == 0)
        return 0; /* mmap of nothing is EINVAL */
    data = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return fail("mmap");
    close(fd); /* the mapping keeps the file */
    if (fwrite(data, 1, length, stdout) != length || fflush(stdout) != 0)
        return fail("write");
    if (munmap(data, length) < 0)
        return fail("munmap");
    return 0;
}
