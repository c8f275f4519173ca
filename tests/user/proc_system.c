/* /proc's files about the whole system: meminfo, buddyinfo, slabinfo, uptime, version, in Linux's
 * formats (proc(5)). */
#include "check.h"

#include <ctype.h>
#include <dirent.h>

static char text[1 << 20];

/* Every line `Name:   12345 kB`, the number right-aligned to eight places at column 16, as Linux
 * prints it. */
static void meminfo_lines(void)
{
    static const char *const keys[] = {"MemTotal", "MemFree", "MemAvailable",
                                       "Buffers",  "Cached",  "SwapTotal",
                                       "SwapFree", "Slab",    "PageTables"};
    char name[64], unit[8], again[128];
    unsigned long number;
    int length;

    CHECK(file_read("/proc/meminfo", text, sizeof(text)) > 0);
    CHECK_EQ(strncmp(text, "MemTotal:", 9), 0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        length = 0;
        if (sscanf(line, "%63[^:]: %lu%n", name, &number, &length) != 2) {
            CHECK_FAILED("meminfo", "%s", line);
            continue;
        }
        strcat(name, ":");
        if (sscanf(line + length, " %7s", unit) == 1) {
            snprintf(again, sizeof(again), "%-15s %8lu kB", name, number);
            CHECK(strcmp(again, line) == 0, "'%s', wanted '%s'", line, again);
        }
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        snprintf(name, sizeof(name), "%s:", keys[i]);
        CHECK(proc_number("/proc/meminfo", name) >= 0, "%s", name);
    }
    CHECK(memory_free_kib() <= proc_number("/proc/meminfo", "MemTotal:"));
    CHECK(memory_free_kib() > 0);
}

/* `Node 0, zone   Normal` and eleven counts. */
static void buddyinfo_lines(void)
{
    unsigned long counts[11];
    char zone[32];
    int node, used;

    CHECK(file_read("/proc/buddyinfo", text, sizeof(text)) > 0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        CHECK_EQ(sscanf(line, "Node %d, zone %8s %n", &node, zone, &used), 2);
        for (int order = 0, step; order < 11; order++, used += step)
            if (sscanf(line + used, " %lu%n", &counts[order], &step) != 1) {
                CHECK_FAILED("buddyinfo", "order %d: %s", order, line);
                break;
            }
        CHECK_EQ(line[used + strspn(line + used, " ")], 0);
    }
}

static void slabinfo_lines(void)
{
    char *rest, name[64];
    unsigned long active, total, size, in_slab, pages;
    int count = 0;

    CHECK(file_read("/proc/slabinfo", text, sizeof(text)) > 0);
    CHECK_EQ(
        strncmp(text, "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> ", 65),
        0);
    rest = strchr(text, '\n');
    rest = rest ? strchr(rest + 1, '\n') : NULL;
    for (char *line = rest ? strtok(rest, "\n") : NULL; line; line = strtok(NULL, "\n"), count++) {
        CHECK(sscanf(line, "%63s %lu %lu %lu %lu %lu : tunables", name, &active, &total, &size,
                     &in_slab, &pages) == 6,
              "%s", line);
        CHECK(active <= total, "%s", line);
        CHECK(strstr(line, " : slabdata "), "%s", line);
    }
    CHECK(count >= 5);
}

static void uptime_and_version(void)
{
    double first, idle, second;

    CHECK(file_read("/proc/uptime", text, sizeof(text)) > 0);
    CHECK_EQ(sscanf(text, "%lf %lf", &first, &idle), 2);
    CHECK(isdigit(text[strcspn(text, ".") + 2]) && text[strcspn(text, ".") + 3] == ' ');
    milliseconds_sleep(50);
    CHECK(file_read("/proc/uptime", text, sizeof(text)) > 0);
    CHECK_EQ(sscanf(text, "%lf", &second), 1);
    CHECK(second >= first + 0.04 && second < first + 20, "%.2f, then %.2f", first, second);
    CHECK(file_read("/proc/version", text, sizeof(text)) > 0);
    CHECK(text[strlen(text) - 1] == '\n' && strchr(text, '\n') == text + strlen(text) - 1);
    CHECK(strstr(text, " version "));
}

static void the_folder_lists_processes(void)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    bool self = false, me = false, init = false, meminfo = false;

    while (folder && (entry = readdir(folder))) {
        self |= strcmp(entry->d_name, "self") == 0;
        meminfo |= strcmp(entry->d_name, "meminfo") == 0;
        init |= strcmp(entry->d_name, "1") == 0;
        me |= atoi(entry->d_name) == getpid();
    }
    CHECK(self && me && init && meminfo);
    if (folder)
        closedir(folder);
}

/* Reading in pieces gives the same text as reading at once; nothing can be written or made. */
static void files_behave(void)
{
    static char whole[65536], pieces[65536];
    int fd = REQUIRE(open("/proc/version", O_RDONLY));
    ssize_t length = read(fd, whole, sizeof(whole)), at = 0, n;

    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    while ((n = read(fd, pieces + at, 3)) > 0)
        at += n;
    CHECK_EQ(at, length);
    CHECK_EQ(memcmp(whole, pieces, length), 0);
    CHECK_EQ(pread(fd, pieces, 4, 2), 4);
    CHECK_EQ(memcmp(whole + 2, pieces, 4), 0);
    CHECK_ERR(open("/proc/nowhere", O_RDONLY), ENOENT);
    CHECK_ERR(open("/proc/99999999/stat", O_RDONLY), ENOENT);
    CHECK_ERR(open("/proc/meminfo/x", O_RDONLY), ENOTDIR);
    CHECK(open("/proc/new", O_WRONLY | O_CREAT, 0644) < 0);
    close(fd);
}

int main(void)
{
    meminfo_lines();
    buddyinfo_lines();
    slabinfo_lines();
    uptime_and_version();
    the_folder_lists_processes();
    files_behave();
    return check_end();
}
