/*
 * leak [ROUNDS [plant]]: does a round of work of every kind, and after it the machine must be where
 * it was before.
 *
 * A round is 200 processes, up to 40 at a time: they map and write memory, write what they share
 * with their parent, fault, pipe to each other, read files and folders, start programs, leave
 * orphans, are stopped and killed. After a round everything kept for later is given back (3 written
 * to /proc/sys/vm/drop_caches), and a reading is taken: MemFree and the other sums of
 * /proc/meminfo (MemFree counts what the harts' own caches hold), and the live objects of each
 * cache of /proc/slabinfo. The first round warms up; each of the ROUNDS (3) that follow must leave
 * exactly the figures that the first left. Prints what differs; exits 1 if anything did. With
 * `plant` each round leaves a pipe open, to prove that it would be found.
 */
#include "../user/check.h"

#include <dirent.h>

#define PROCESSES 200
#define AT_ONCE   40
#define CACHES    256
#define TRIES     10  /* looks, */
#define SETTLE    100 /* milliseconds apart, until what has ended has gone */

struct figure {
    char name[64];
    long value;
};

struct reading {
    struct figure figures[CACHES];
    int count;
};

static char *shared; /* copied on write by all */
static bool planting;

static void figure_add(struct reading *reading, const char *name, long value)
{
    struct figure *figure = &reading->figures[reading->count];

    if (reading->count == CACHES) {
        CHECK_FAILED("room for all figures");
        _exit(1);
    }
    snprintf(figure->name, sizeof(figure->name), "%s", name);
    figure->value = value;
    reading->count++;
}

/* /proc/meminfo but for what is an estimate or no count of pages. */
static void meminfo_read(struct reading *reading)
{
    static const char *const keys[] = {"MemTotal:", "MemFree:",    "Cached:",      "AnonPages:",
                                       "Slab:",     "PageTables:", "KernelStack:", "Mapped:"};
    long value;

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        value = proc_number("/proc/meminfo", keys[i]);
        if (value >= 0)
            figure_add(reading, keys[i], value);
    }
}

static void slabinfo_read(struct reading *reading)
{
    static char text[65536];
    char name[48];
    long active;

    CHECK(file_read("/proc/slabinfo", text, sizeof(text)) > 0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (sscanf(line, "%47s %ld", name, &active) == 2 && name[0] != '#')
            figure_add(reading, name, active);
}

static void caches_drop(void)
{
    int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

    CHECK(fd >= 0 && write(fd, "3", 1) == 1, "drop_caches: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
}

static void reading_take(struct reading *reading)
{
    caches_drop();
    reading->count = 0;
    meminfo_read(reading);
    slabinfo_read(reading);
}

/* The number of figures that differ; each is printed when `say`. */
static int difference(const struct reading *before, const struct reading *after, int round,
                      bool say)
{
    int count = 0;

    if (before->count != after->count)
        return 1;
    for (int i = 0; i < before->count; i++) {
        const struct figure *a = &before->figures[i], *b = &after->figures[i];

        if (strcmp(a->name, b->name) == 0 && a->value == b->value)
            continue;
        count++;
        if (say)
            printf("round %d: %s %ld, was %ld\n", round, b->name, b->value, a->value);
    }
    return count;
}

static void work_memory(int seed)
{
    char *area = pages_map(64);

    for (int i = 0; i < 64; i += 1 + seed % 3)
        area[i * PAGE] = seed;
    munmap(area + 16 * PAGE, 8 * PAGE);
    mprotect(area + 32 * PAGE, 8 * PAGE, PROT_READ);
    for (int i = 0; i < 64; i++)
        shared[i * PAGE] = seed;
    sbrk(32 * PAGE);
}

static void work_fault(int seed)
{
    work_memory(seed);
    touch_store(NULL);
}

static void work_pipe(int seed)
{
    static char block[30000];
    size_t total = 0;
    ssize_t n;
    int ends[2];
    pid_t child;

    REQUIRE(pipe(ends));
    child = REQUIRE(fork());
    if (child == 0) {
        for (int i = 0; i < 5 + seed % 3; i++)
            (void)!write(ends[1], block, sizeof(block));
        _exit(0);
    }
    close(ends[1]);
    while ((n = read(ends[0], block, sizeof(block))) > 0)
        total += n;
    CHECK_EQ(total, (5 + seed % 3) * sizeof(block));
    CHECK_EXIT(child_wait(child), 0);
    REQUIRE(pipe(ends)); /* left full, and open */
    (void)!write(ends[1], block, sizeof(block));
}

static void work_files(int seed)
{
    static char data[8192];
    DIR *folder = opendir("/bin");
    struct dirent *entry;
    int fd;

    while (folder && (entry = readdir(folder))) {
        fd = openat(dirfd(folder), entry->d_name, O_RDONLY);
        if (fd >= 0 && pread(fd, data, sizeof(data), seed * 512) < 0 && errno != EISDIR)
            CHECK_FAILED("pread", "%s: %s", entry->d_name, strerror(errno));
        if (fd >= 0)
            close(fd);
    }
    fd = REQUIRE(open("/bin/sh", O_RDONLY));
    touch_load(REQUIRE(mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0)));
    touch_store(REQUIRE(mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE, fd, 0)));
    open("/nowhere/at/all", O_RDONLY);
    open("/proc/self/maps", O_RDONLY);
}

static void work_exec(int seed)
{
    static char *const commands[] = {"exit 5", "echo x | cat > /dev/null; exit 5",
                                     "cat /bin/ls | wc > /dev/null; exit 5"};

    execl("/bin/sh", "sh", "-c", commands[seed % 3], NULL);
    _exit(1);
}

static void work_orphan(int seed)
{
    (void)seed;
    if (REQUIRE(fork()) == 0) {
        milliseconds_sleep(20);
        _exit(0);
    }
}

static void work_stopped(int seed)
{
    pid_t child = REQUIRE(fork());

    if (child == 0)
        for (;;)
            pause();
    kill(child, SIGSTOP);
    CHECK_EQ(waitpid(child, NULL, WUNTRACED), child);
    kill(child, seed % 2 ? SIGKILL : SIGTERM);
    kill(child, SIGCONT);
    waitpid(child, NULL, 0);
    kill(getpid(), SIGUSR2);
}

static void (*const works[])(int) = {work_memory, work_fault,  work_pipe,   work_files,
                                     work_exec,   work_orphan, work_stopped};

#define WORKS (int)(sizeof(works) / sizeof(*works))

static void status_check(int kind, int status)
{
    if (works[kind] == work_fault)
        CHECK_KILLED(status, SIGSEGV);
    else if (works[kind] == work_stopped)
        CHECK_KILLED(status, SIGUSR2);
    else
        CHECK_EXIT(status, works[kind] == work_exec ? 5 : 0);
}

static void round_run(void)
{
    pid_t children[PROCESSES];

    for (int started = 0, ended = 0; ended < PROCESSES; ended++) {
        for (; started < PROCESSES && started < ended + AT_ONCE; started++) {
            children[started] = REQUIRE(fork());
            if (children[started] == 0) {
                check_failures = 0;
                works[started % WORKS](started);
                child_end();
            }
        }
        status_check(ended % WORKS, child_wait(children[ended]));
    }
    milliseconds_sleep(SETTLE);
}

/* A round, and a reading that is like the one before, or the last of TRIES; gives what differs. */
static int round_judge(const struct reading *before, struct reading *after)
{
    int count = 0, left_open[2];

    round_run();
    if (planting)
        REQUIRE(pipe(left_open));
    for (int try = 0; try < TRIES; try++) {
        reading_take(after);
        count = difference(before, after, 0, false);
        if (count == 0)
            break;
        milliseconds_sleep(SETTLE);
    }
    return count;
}

/* A reading that stays the same for a while: nothing of the round is still under way. */
static void reading_settle(struct reading *reading)
{
    static struct reading last;

    reading_take(reading);
    for (int try = 0; try < TRIES; try++) {
        last = *reading;
        milliseconds_sleep(SETTLE);
        reading_take(reading);
        if (difference(&last, reading, 0, false) == 0)
            break;
    }
}

/* All that the program itself will ever touch it has touched after the warm-up. */
int main(int argc, char **argv)
{
    static struct reading before, after;
    int rounds = argc > 1 ? atoi(argv[1]) : 3;

    planting = argc > 2;
    setvbuf(stdout, NULL, _IONBF, 0); /* no buffer that grows in a child */
    shared = pages_map(64);
    memset(shared, 1, 64 * PAGE);
    memset(&before, 1, sizeof(before));
    memset(&after, 1, sizeof(after));
    printf("warming up\n");
    round_run();
    reading_settle(&before);
    for (int round = 1; round <= rounds; round++)
        if (round_judge(&before, &after))
            check_failures += difference(&before, &after, round, true);
    printf("%d rounds of %d processes: %s\n", rounds, PROCESSES,
           check_failures ? "something was lost" : "nothing was lost");
    return check_end();
}
