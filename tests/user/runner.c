/*
 * Runs the test programs of /t, all in one boot.
 *
 * Each program in turn gets an empty standard input and a pipe as its standard output; standard
 * error is the runner's own. A program passes when it ends with the status that NAME.status holds
 * (0 without one; 128+N when signal N killed it) and printed what NAME.expect holds (anything
 * without one). Prints `# NAME` before each, then `ok NAME` or `not ok NAME: why` with what it
 * printed, and last a line of counts; exits 0 when all passed. With arguments it runs only the
 * programs they name.
 *
 * Each runs in a process group of its own, which is killed when the program has not ended after
 * DEADLINE seconds, or has ended and left children that still hold its output.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TESTS     "/t"
#define READ_SIZE 65536
#define SHOWN     2000
#define DEADLINE  90  /* seconds for one program */
#define PATIENCE  100 /* milliseconds between looks at a program that closed its output */

struct bytes {
    char *data;
    size_t length;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Reads what there is, once: false at the end. */
static bool read_more(int fd, struct bytes *all)
{
    ssize_t n;

    all->data = realloc(all->data, all->length + READ_SIZE + 1);
    if (!all->data)
        die("runner: realloc");
    n = read(fd, all->data + all->length, READ_SIZE);
    if (n < 0)
        die("runner: read");
    all->length += n;
    all->data[all->length] = 0;
    return n > 0;
}

/* The contents of /t/NAME.SUFFIX; data is NULL when there is no such file. */
static struct bytes companion(const char *name, const char *suffix)
{
    char path[512];
    struct bytes all = {0};
    int fd;

    snprintf(path, sizeof(path), TESTS "/%s.%s", name, suffix);
    fd = open(path, O_RDONLY);
    if (fd < 0)
        return all;
    while (read_more(fd, &all))
        ;
    close(fd);
    return all;
}

static void become(const char *name, int output)
{
    char path[512];
    char *const arguments[] = {path, NULL};
    int empty = open("/dev/null", O_RDONLY);

    setpgid(0, 0);
    snprintf(path, sizeof(path), TESTS "/%s", name);
    if (empty < 0 || dup2(empty, 0) < 0 || dup2(output, 1) < 0) {
        perror("runner: redirection");
        _exit(126);
    }
    close(empty);
    close(output);
    execv(path, arguments);
    perror(path);
    _exit(127);
}

/*
 * Takes what the child prints until it has ended: its wait status. Children that it left and that
 * hold the output are killed with it; so is the child itself at the deadline, which *late tells.
 */
static int follow(pid_t child, int output, struct bytes *printed, bool *late)
{
    struct pollfd item = {.fd = output, .events = POLLIN};
    time_t end = seconds_now() + DEADLINE;
    bool open = true, ended = false;
    int status;
    pid_t who;

    while (open || !ended) {
        if (poll(&item, open, PATIENCE) > 0)
            open = read_more(output, printed);
        else if (ended)
            kill(-child, SIGKILL);
        if (!ended) {
            who = waitpid(child, &status, WNOHANG);
            if (who < 0)
                die("runner: waitpid");
            ended = who == child;
        }
        if (!ended && seconds_now() >= end && !*late) {
            *late = true;
            kill(-child, SIGKILL);
        }
    }
    return status;
}

/* Runs one program: its shell-like status, and what it printed. */
static int run(const char *name, struct bytes *printed, bool *late)
{
    int ends[2], status;
    pid_t child;

    if (pipe(ends))
        die("runner: pipe");
    child = fork();
    if (child < 0)
        die("runner: fork");
    if (child == 0) {
        close(ends[0]);
        become(name, ends[1]);
    }
    setpgid(child, child);
    close(ends[1]);
    status = follow(child, ends[0], printed, late);
    close(ends[0]);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The offset of the first difference, or -1 when both are the same. */
static long first_difference(const struct bytes *a, const struct bytes *b)
{
    size_t i, common = a->length < b->length ? a->length : b->length;

    for (i = 0; i < common; i++)
        if (a->data[i] != b->data[i])
            return i;
    return a->length == b->length ? -1 : (long)common;
}

static bool test(const char *name)
{
    struct bytes printed = {0}, expect = companion(name, "expect"),
                 status = companion(name, "status");
    int want = status.data ? atoi(status.data) : 0, have;
    long at;
    bool passed = false, late = false;
    time_t start = seconds_now();

    printf("# %s\n", name);
    fflush(stdout);
    have = run(name, &printed, &late);
    at = expect.data ? first_difference(&printed, &expect) : -1;
    if (have != want || late)
        printf("not ok %s: %s %d, wanted %d; it printed:\n%.*s\n", name,
               late ? "killed after the deadline, status" : "status", have, want,
               (int)(printed.length < SHOWN ? printed.length : SHOWN),
               printed.data ? printed.data : "");
    else if (at >= 0)
        printf("not ok %s: output differs from the expected at byte %ld; it printed:\n%.*s\n", name,
               at, (int)(printed.length < SHOWN ? printed.length : SHOWN),
               printed.data ? printed.data : "");
    else
        passed = true;
    if (passed)
        printf("ok %s (%ld s)\n", name, (long)(seconds_now() - start));
    fflush(stdout);
    free(printed.data);
    free(expect.data);
    free(status.data);
    return passed;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_test(const char *name)
{
    return !strchr(name, '.') && strcmp(name, "runner") != 0;
}

/* The names of all programs in /t, sorted; *count of them. */
static char **find_tests(size_t *count)
{
    DIR *folder = opendir(TESTS);
    struct dirent *entry;
    char **names = NULL;

    if (!folder)
        die(TESTS);
    *count = 0;
    while ((entry = readdir(folder))) {
        if (!is_test(entry->d_name))
            continue;
        names = realloc(names, (*count + 1) * sizeof(*names));
        if (!names || !(names[*count] = strdup(entry->d_name)))
            die("runner: names");
        ++*count;
    }
    closedir(folder);
    if (*count)
        qsort(names, *count, sizeof(*names), compare);
    return names;
}

int main(int argc, char **argv)
{
    size_t i, count = argc - 1, failed = 0;
    char **names = argc > 1 ? argv + 1 : find_tests(&count);

    for (i = 0; i < count; i++)
        failed += !test(names[i]);
    printf("%zu programs, %zu failed\n", count, failed);
    return failed || !count ? 1 : 0;
}
