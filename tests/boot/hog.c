/*
 * hog WAY: uses up the machine's memory, and then more.
 *
 *   grow     one process writes page after page, until it is killed
 *   many     eight do so at once; the program waits until all have been killed, and exits 0
 *   tables   one touches a page in each 2 MiB, so that page tables are what fills memory
 *   share    one that has filled a third of memory forks children that write all of it
 *   refused  asks for more than there is and does not touch it: must be given or refused, not
 * killed
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB      (1UL << 20)
#define PAGE     4096UL
#define CHILDREN 8

static char *map(size_t size)
{
    char *area = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (area == MAP_FAILED) {
        perror("hog: mmap");
        _exit(3);
    }
    return area;
}

static void grow(void)
{
    for (;;)
        memset(map(MIB), 0x55, MIB);
}

static void tables(void)
{
    char *area = map(128UL << 30);

    for (size_t at = 0; at < 128UL << 30; at += 2 * MIB)
        area[at] = 1;
}

/* Whether the child was killed as a process that uses too much is. */
static bool is_killed(void)
{
    int status;

    return wait(&status) > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* They begin together, once the last has been made: the pipe's end is their signal. */
static int many(void)
{
    int killed = 0, ends[2];
    char byte;

    if (pipe(ends))
        return 2;
    for (int i = 0; i < CHILDREN; i++)
        if (fork() == 0) {
            close(ends[1]);
            if (read(ends[0], &byte, 1) == 0)
                grow();
        }
    close(ends[1]);
    for (int i = 0; i < CHILDREN; i++)
        killed += is_killed();
    return killed == CHILDREN ? 0 : 1;
}

/* Copies on write run out of memory; the parent is the largest as often as its children. */
static void share(void)
{
    struct sysinfo info;
    size_t size;
    char *area;

    sysinfo(&info);
    size = info.totalram * info.mem_unit / 3;
    area = map(size);
    memset(area, 1, size);
    for (int i = 0; i < CHILDREN; i++)
        if (fork() == 0) {
            memset(area, 2, size);
            sleep(1);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
}

static int refused(void)
{
    for (int i = 0; i < 64; i++)
        (void)mmap(NULL, 1UL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return 0;
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "grow";

    if (strcmp(way, "many") == 0)
        return many();
    if (strcmp(way, "refused") == 0)
        return refused();
    if (strcmp(way, "tables") == 0)
        tables();
    else if (strcmp(way, "share") == 0)
        share();
    else
        grow();
    return 0;
}
