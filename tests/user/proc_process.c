/* /proc/PID's stat, status, cmdline, and /proc/self, in Linux's formats (proc(5)). */
#include "check.h"

#include <ctype.h>

#define STAT_FIELDS 52

static char text[65536];

/* /proc/PID/stat: pid, (name), state, then numbers; `values` from the fourth field on. */
static void stat_read(pid_t pid, char *state, long *values)
{
    char path[64], *at, *end;
    int count = 3;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    memset(values, 0, (STAT_FIELDS + 1) * sizeof(*values));
    if (file_read(path, text, sizeof(text)) <= 0) {
        CHECK_FAILED("stat", "%s: %s", path, strerror(errno));
        return;
    }
    CHECK_EQ(strtol(text, &at, 10), pid);
    CHECK_EQ(strncmp(at, " (", 2), 0);
    at = strrchr(text, ')');
    *state = at[2];
    for (at += 3; *at == ' '; at = end) {
        values[++count] = strtoull(at + 1, &end, 10); /* some fill 64 bits */
        if (at[1] == '-')
            values[count] = strtol(at + 1, &end, 10);
        if (end == at + 1 || count > STAT_FIELDS)
            break;
    }
    CHECK_EQ(count, STAT_FIELDS);
    CHECK_EQ(strcmp(at, "\n"), 0);
}

static void sleeps(void *unused)
{
    (void)unused;
    for (;;)
        milliseconds_sleep(100000);
}

static void spins(void *unused)
{
    (void)unused;
    for (volatile int forever = 1; forever;)
        ;
}

static void stat_of_self(void)
{
    long values[STAT_FIELDS + 1];
    char state = 0;

    pages_map(10);
    stat_read(getpid(), &state, values);
    CHECK_EQ(state, 'R');
    CHECK_EQ(values[4], getppid());
    CHECK_EQ(values[5], getpgrp());
    CHECK_EQ(values[6], getsid(0));
    CHECK(values[14] >= 0 && values[15] >= 0); /* utime, stime */
    CHECK_EQ(values[20], 1);                   /* threads */
    CHECK(values[22] > 0);                     /* start, in ticks after boot */
    CHECK(values[23] > 10 * 4096 && values[23] % 4096 == 0);
    CHECK(values[24] > 0 && values[24] * 4096 <= values[23]);
}

static void state_of(void (*work)(void *), char want)
{
    pid_t child = child_start(work, NULL);
    long values[STAT_FIELDS + 1];
    char state = 0;

    milliseconds_sleep(50);
    stat_read(child, &state, values);
    CHECK_EQ(state, want);
    CHECK_EQ(values[4], getpid());
    CHECK_OK(kill(child, SIGSTOP));
    CHECK_EQ(waitpid(child, NULL, WUNTRACED), child);
    stat_read(child, &state, values);
    CHECK_EQ(state, 'T');
    CHECK_OK(kill(child, SIGKILL));
    CHECK_OK(waitid(P_PID, child, &(siginfo_t){0}, WEXITED | WNOWAIT));
    stat_read(child, &state, values);
    CHECK_EQ(state, 'Z');
    CHECK_KILLED(child_wait(child), SIGKILL);
}

static char *status_value(const char *key)
{
    char *at = text;

    while (strncmp(at, key, strlen(key)) != 0) {
        at = strchr(at, '\n');
        if (!at) {
            CHECK_FAILED("status", "no %s", key);
            return "";
        }
        at++;
    }
    return at + strlen(key);
}

static void status_of_self(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
    signal(SIGHUP, SIG_IGN);
    CHECK(file_read("/proc/self/status", text, sizeof(text)) > 0);
    CHECK_EQ(strncmp(status_value("Name:"), "\tproc_process\n", 14), 0);
    CHECK_EQ(strncmp(status_value("State:"), "\tR (running)\n", 13), 0);
    CHECK_EQ(atoi(status_value("Tgid:")), getpid());
    CHECK_EQ(atoi(status_value("Pid:")), getpid());
    CHECK_EQ(atoi(status_value("PPid:")), getppid());
    CHECK_EQ(strncmp(status_value("Uid:"), "\t0\t0\t0\t0\n", 9), 0);
    CHECK_EQ(strncmp(status_value("Gid:"), "\t0\t0\t0\t0\n", 9), 0);
    CHECK_EQ(atoi(status_value("Threads:")), 1);
    CHECK(atoi(status_value("VmSize:")) > 0 && atoi(status_value("VmRSS:")) > 0);
    CHECK(strstr(status_value("VmRSS:"), " kB\n") != NULL);
    CHECK_EQ(strtoul(status_value("SigBlk:"), NULL, 16), 1UL << (SIGUSR1 - 1));
    CHECK_EQ(strtoul(status_value("SigIgn:"), NULL, 16) & 1, 1UL << (SIGHUP - 1));
    CHECK_EQ(strcspn(status_value("SigBlk:") + 1, "\n"), 16);
}

/* Arguments with their NULs, an empty one too; after exec the new ones. */
static void cmdline_of_a_child(void)
{
    char path[64];
    pid_t child;
    ssize_t length = 0;

    child = fork();
    if (child == 0) {
        execl("/bin/sleep", "a name", "100", NULL);
        _exit(1);
    }
    snprintf(path, sizeof(path), "/proc/%d/cmdline", child);
    for (int i = 0; i < 200 && memcmp(text, "a name", 7) != 0; i++) {
        milliseconds_sleep(5);
        length = file_read(path, text, sizeof(text));
    }
    CHECK_EQ(length, 11);
    CHECK_EQ(memcmp(text, "a name\000100", 11), 0);
    CHECK_OK(kill(child, SIGKILL));
    CHECK_OK(waitid(P_PID, child, &(siginfo_t){0}, WEXITED | WNOWAIT));
    CHECK_EQ(file_read(path, text, sizeof(text)), 0); /* a zombie has none */
    CHECK_KILLED(child_wait(child), SIGKILL);
    CHECK_EQ(file_read(path, text, sizeof(text)), -1);
    CHECK_EQ(errno, ENOENT);
}

static void self_is_oneself(void *unused)
{
    char target[32] = "", pid[32];

    (void)unused;
    snprintf(pid, sizeof(pid), "%d", getpid());
    CHECK_EQ(readlink("/proc/self", target, sizeof(target) - 1), strlen(pid));
    CHECK_EQ(strcmp(target, pid), 0);
}

/* A file that was opened outlives its process, and then says so. */
static void open_files_of_the_dead(void)
{
    pid_t child = child_start(sleeps, NULL);
    char path[64], line[16];
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/stat", child);
    fd = REQUIRE(open(path, O_RDONLY));
    CHECK_OK(kill(child, SIGKILL));
    CHECK_KILLED(child_wait(child), SIGKILL);
    CHECK_ERR(read(fd, line, sizeof(line)), ESRCH);
    close(fd);
}

int main(void)
{
    stat_of_self();
    state_of(sleeps, 'S');
    state_of(spins, 'R');
    status_of_self();
    cmdline_of_a_child();
    self_is_oneself(NULL);
    CHECK_EXIT(child_run(self_is_oneself, NULL), 0);
    open_files_of_the_dead();
    return check_end();
}
