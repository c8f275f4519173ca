/*
 * /proc/PID/smaps: pages counted as they are touched, read, shared by fork and copied, for private
 * and for shared memory.
 */
#include "check.h"

#define PAGES   16
#define TOUCHED 5
#define PAGE_KB 4

/* The field of the mapping that begins at `start`, in kB; -1: none. */
static long smaps_kb(const void *start, const char *field)
{
    FILE *file = fopen("/proc/self/smaps", "r");
    size_t length = strlen(field);
    long kb = -1, from;
    bool here = false;
    char line[600];
    char dash;

    while (file && fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%lx%c", &from, &dash) == 2 && dash == '-')
            here = from == (long)start;
        else if (here && strncmp(line, field, length) == 0 && line[length] == ':')
            kb = strtol(line + length + 1, NULL, 10);
    }
    if (file)
        fclose(file);
    return kb;
}

static void expect(const char *p, long shared_dirty, long private_dirty)
{
    CHECK_EQ(smaps_kb(p, "Size"), PAGES * PAGE_KB);
    CHECK_EQ(smaps_kb(p, "Rss"), (shared_dirty + private_dirty) * PAGE_KB);
    CHECK_EQ(smaps_kb(p, "Shared_Dirty"), shared_dirty * PAGE_KB);
    CHECK_EQ(smaps_kb(p, "Private_Dirty"), private_dirty * PAGE_KB);
    CHECK_EQ(smaps_kb(p, "Shared_Clean"), 0);
    CHECK_EQ(smaps_kb(p, "Private_Clean"), 0);
}

static void counts(int flags, bool anonymous)
{
    char *p = REQUIRE(mmap(NULL, 3 * PAGES * PAGE, PROT_NONE, ANON, -1, 0));
    pid_t child;

    p = REQUIRE(mmap(p + PAGES * PAGE, PAGES * PAGE, RW, flags | MAP_FIXED, -1, 0));
    expect(p, 0, 0);
    for (int i = 0; i < TOUCHED; i++)
        p[i * PAGE] = 1;
    expect(p, 0, TOUCHED);
    CHECK_EQ(smaps_kb(p, "Anonymous"), anonymous ? TOUCHED * PAGE_KB : 0);
    child = REQUIRE(fork());
    if (child == 0) {
        for (int i = 0; i < TOUCHED; i++)
            (void)*(volatile char *)(p + i * PAGE);
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(child, NULL, WUNTRACED);
    expect(p, TOUCHED, 0);
    CHECK_EQ(smaps_kb(p, "Pss"), TOUCHED * PAGE_KB / 2);
    *p = 2;
    expect(p, anonymous ? TOUCHED - 1 : TOUCHED, anonymous ? 1 : 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    expect(p, 0, TOUCHED);
}

int main(void)
{
    counts(MAP_PRIVATE | MAP_ANONYMOUS, true);
    counts(MAP_SHARED | MAP_ANONYMOUS, false);
    return check_end();
}
