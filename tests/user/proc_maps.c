/*
 * /proc/PID/maps: each line as Linux formats it, in order, without overlap, and true: what it says
 * of the program, its heap, its stack, mappings made here and of another process.
 */
#include "check.h"

/* `start-end rwxp offset major:minor inode` and, from column 73 on, a name (fs/proc/task_mmu.c). */
static void line_is_linux(char *line, unsigned long *last_end)
{
    unsigned long start, end, offset, inode;
    unsigned major, minor;
    char rights[5], again[600];
    int used = 0, length;

    line[strcspn(line, "\n")] = 0;
    if (sscanf(line, "%lx-%lx %4s %lx %x:%x %lu%n", &start, &end, rights, &offset, &major, &minor,
               &inode, &used) != 7) {
        CHECK_FAILED("maps", "%s", line);
        return;
    }
    length = snprintf(again, sizeof(again), "%08lx-%08lx %s %08lx %02x:%02x %lu ", start, end,
                      rights, offset, major, minor, inode);
    if (line[used] && line[used + strspn(line + used, " ")])
        snprintf(again + length, sizeof(again) - length, "%*s%s", length < 73 ? 73 - length : 0, "",
                 line + used + strspn(line + used, " "));
    CHECK(strcmp(line, again) == 0, "'%s', wanted '%s'", line, again);
    CHECK(start < end && start % PAGE == 0 && end % PAGE == 0 && start >= *last_end, "%s", line);
    CHECK(strchr("r-", rights[0]) && strchr("w-", rights[1]) && strchr("x-", rights[2]) &&
              strchr("ps", rights[3]),
          "%s", line);
    *last_end = end;
}

static int lines_are_linux(const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned long last_end = 0;
    char line[600];
    int count = 0;

    while (file && fgets(line, sizeof(line), file)) {
        line_is_linux(line, &last_end);
        count++;
    }
    if (file)
        fclose(file);
    return count;
}

static void expect_line(const void *address, const char *rights, unsigned long offset,
                        const char *name)
{
    struct map_line line = {0};

    CHECK(map_line_find(address, &line), "%p", address);
    CHECK(strcmp(line.rights, rights) == 0, "%p: %s, wanted %s", address, line.rights, rights);
    CHECK_EQ(line.offset, offset);
    CHECK(strcmp(line.name, name) == 0, "%p: '%s', wanted '%s'", address, line.name, name);
}

static void mappings_made_here(void)
{
    char *area = REQUIRE((char *)mmap(NULL, 6 * PAGE, PROT_NONE, ANON, -1, 0));
    int fd = REQUIRE(open(DATA "pattern", O_RDONLY));
    struct stat info = {0};
    struct map_line line = {0};

    CHECK_OK(mmap(area + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 3 * PAGE));
    CHECK_OK(mprotect(area + 3 * PAGE, PAGE, RW));
    expect_line(area, "---p", 0, "");
    expect_line(area + PAGE, "r--p", 3 * PAGE, "/data/pattern");
    expect_line(area + 3 * PAGE, "rw-p", 0, "");
    CHECK_OK(fstat(fd, &info));
    CHECK(map_line_find(area + PAGE, &line));
    CHECK_EQ(line.inode, info.st_ino);
    CHECK(map_line_find(area + 3 * PAGE, &line));
    CHECK_EQ(line.end - line.start, PAGE);
    CHECK_EQ(line.inode, 0);
    CHECK_OK(munmap(area, 6 * PAGE));
    CHECK(!map_line_find(area, &line));
}

int main(int argc, char **argv)
{
    struct map_line line = {0};
    char path[64];
    int local, lines;

    (void)argc;
    lines = lines_are_linux("/proc/self/maps");
    CHECK(lines >= 4);
    CHECK(map_line_find((void *)main, &line));
    CHECK(strcmp(line.rights, "r-xp") == 0 && strcmp(line.name, argv[0]) == 0, "%s %s", line.rights,
          line.name);
    CHECK(map_line_find(&check_failures, &line));
    CHECK_EQ(strcmp(line.rights, "rw-p"), 0);
    expect_line(&local, "rw-p", 0, "[stack]");
    sbrk(PAGE);
    expect_line((char *)sbrk(0) - 1, "rw-p", 0, "[heap]");
    mappings_made_here();
    snprintf(path, sizeof(path), "/proc/%d/maps", getppid());
    CHECK(lines_are_linux(path) >= 4);
    return check_end();
}
