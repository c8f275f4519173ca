/*
 * vmmap.c - vmmap [PID]: a process's address space as a picture, from /proc/PID/smaps.
 *
 * Without PID it shows itself. One line for each mapping, the highest first, as memory is drawn:
 * its range and rights, how many pages it has, how many of these are there (present), and of these,
 * how many others map too (shared) and how many hold what no file does (dirty). The bar shows the
 * mapping's pages in proportion; a row of dots between two mappings is space where nothing is.
 *
 *     3fff7fe000-3fff800000 rw-p       2       1       0       1 |########--------| [stack]
 *     ...
 *
 * In the bar # is present and dirty, = present and clean, - not there.
 */
#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"
#include "userland/c/lib/slurp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE 4096UL
#define PAGE_KB   4UL
#define BAR_WIDTH 16

struct mapping {
    unsigned long start, end;
    char rights[5];
    const char *name;
    int name_length;
    unsigned long present, shared, dirty; /* pages */
};

/* A line "Key:  N kB" adds to what it counts. */
static void count_line(const char *line, struct mapping *mapping)
{
    unsigned long kb;

    if (sscanf(line, "Rss: %lu kB", &kb) == 1)
        mapping->present += kb / PAGE_KB;
    if (sscanf(line, "Shared_%*[A-Za-z]: %lu kB", &kb) == 1)
        mapping->shared += kb / PAGE_KB;
    if (sscanf(line, "Shared_Dirty: %lu kB", &kb) == 1 ||
        sscanf(line, "Private_Dirty: %lu kB", &kb) == 1)
        mapping->dirty += kb / PAGE_KB;
}

/* The first line of a mapping, as in /proc/PID/maps; 0 if this is another line. */
static int head_line(const char *line, struct mapping *mapping)
{
    int used = 0;

    *mapping = (struct mapping){0};
    if (sscanf(line, "%lx-%lx %4s %*x %*x:%*x %*u%n", &mapping->start, &mapping->end,
               mapping->rights, &used) != 3 ||
        used == 0)
        return 0;
    mapping->name = line + used + strspn(line + used, " ");
    mapping->name_length = (int)strcspn(mapping->name, "\n");
    return 1;
}

/* All mappings in TEXT, malloc'ed; their names stay in TEXT. */
static struct mapping *mappings_read(const char *text, size_t *count)
{
    struct mapping *all = NULL, mapping;

    *count = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (head_line(line, &mapping)) {
            all = reallocarray(all, *count + 1, sizeof(*all));
            if (!all)
                program_die(1, "memory");
            all[(*count)++] = mapping;
        } else if (*count > 0) {
            count_line(line, &all[*count - 1]);
        }
    }
    return all;
}

/* How many of the bar's cells PART of ALL pages take: at least one, if there is a page. */
static unsigned long cells(unsigned long part, unsigned long all)
{
    unsigned long n = part * BAR_WIDTH / all;

    return n == 0 && part > 0 ? 1 : n;
}

static void bar_print(const struct mapping *mapping, unsigned long pages)
{
    unsigned long present = cells(mapping->present, pages), dirty = cells(mapping->dirty, pages);

    putchar('|');
    for (unsigned long i = 0; i < BAR_WIDTH; i++)
        putchar(i < dirty ? '#' : i < present ? '=' : '-');
    putchar('|');
}

static void mapping_print(const struct mapping *mapping)
{
    unsigned long pages = (mapping->end - mapping->start) / PAGE_SIZE;

    printf("%10lx-%-10lx %s %7lu %7lu %7lu %7lu ", mapping->start, mapping->end, mapping->rights,
           pages, mapping->present, mapping->shared, mapping->dirty);
    bar_print(mapping, pages);
    if (mapping->name_length > 0)
        printf(" %.*s", mapping->name_length, mapping->name);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct mapping *all;
    char path[64];
    long pid = 0;
    size_t count;
    char *text;

    program_begin(argv, "vmmap");
    if (argc > 2 || (argc == 2 && !number_parse_long(argv[1], &pid)))
        program_usage(2, "vmmap [pid]");
    if (argc == 2)
        snprintf(path, sizeof(path), "/proc/%ld/smaps", pid);
    else
        snprintf(path, sizeof(path), "/proc/self/smaps");
    text = slurp(path, NULL);
    if (!text)
        program_die(1, path);
    all = mappings_read(text, &count);
    printf("%-21s %-4s %7s %7s %7s %7s\n", "range", "", "pages", "present", "shared", "dirty");
    for (size_t i = count; i > 0; i--) {
        if (i < count && all[i - 1].end < all[i].start)
            printf("%10s\n", "...");
        mapping_print(&all[i - 1]);
    }
    free(all);
    free(text);
    return program_finish(0);
}
