/*
 * ps.c - lists all processes, from /proc.
 *
 * For each number in /proc it reads PID/stat (Linux's format, proc(5)), PID/status for the
 * owner and PID/cmdline for the arguments; a process without any shows its name in brackets.
 * The name in stat stands in parentheses and may itself contain blanks and parentheses, so
 * the fields after it are counted from the last ")". A process that ends between the reads
 * is left out.
 *
 *      PID   PPID  UID S  RSS(kB)  TIME  COMMAND
 */
#include "userland/c/lib/program.h"
#include "userland/c/lib/slurp.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct process {
    long pid, parent, uid;
    char state;
    char name[64];
    unsigned long user_ticks, system_ticks;
    long resident_pages;
};

/* The file NAME of process PID; NULL if it has gone. The caller frees. */
static char *process_file(long pid, const char *name, size_t *length)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
    return slurp(path, length);
}

/* "PID (name) S ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime ..." */
static bool stat_parse(const char *text, struct process *process)
{
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    int got;

    if (!open || !close || close < open)
        return false;
    snprintf(process->name, sizeof(process->name), "%.*s", (int)(close - open - 1), open + 1);
    got = sscanf(close + 1,
                 " %c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu"
                 " %*d %*d %*d %*d %*d %*d %*u %*u %ld",
                 &process->state, &process->parent, &process->user_ticks, &process->system_ticks,
                 &process->resident_pages);
    return got == 5;
}

static long status_uid(const char *text)
{
    const char *line = strstr(text, "\nUid:");
    long uid = 0;

    if (line)
        sscanf(line + 5, "%ld", &uid);
    return uid;
}

/* cmdline holds the arguments with a NUL after each. */
static void command_print(const struct process *process)
{
    size_t length = 0;
    char *text = process_file(process->pid, "cmdline", &length);

    while (length > 0 && text[length - 1] == '\0')
        length--;
    for (size_t i = 0; i < length; i++)
        putchar(isprint((unsigned char)text[i]) ? text[i] : ' ');
    if (length == 0)
        printf("[%s]", process->name);
    putchar('\n');
    free(text);
}

static void process_print(const struct process *process)
{
    unsigned long hertz = (unsigned long)sysconf(_SC_CLK_TCK);
    unsigned long seconds = (process->user_ticks + process->system_ticks) / hertz;

    printf("%5ld %5ld %5ld %c %8ld %02lu:%02lu:%02lu ", process->pid, process->parent, process->uid,
           process->state, process->resident_pages * sysconf(_SC_PAGESIZE) / 1024, seconds / 3600,
           seconds / 60 % 60, seconds % 60);
    command_print(process);
}

static void process_show(long pid)
{
    struct process process = {.pid = pid};
    char *stat = process_file(pid, "stat", NULL);
    char *status = process_file(pid, "status", NULL);

    if (stat && stat_parse(stat, &process)) {
        process.uid = status ? status_uid(status) : 0;
        process_print(&process);
    }
    free(stat);
    free(status);
}

static int pid_compare(const void *a, const void *b)
{
    long left = *(const long *)a, right = *(const long *)b;

    return left < right ? -1 : left > right;
}

/* The numbers among the names of /proc, malloc'ed. */
static long *pids_read(DIR *dir, size_t *count)
{
    struct dirent *entry;
    long *pids = NULL;

    *count = 0;
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        pids = reallocarray(pids, *count + 1, sizeof(*pids));
        if (!pids)
            program_die(1, "memory");
        pids[(*count)++] = strtol(entry->d_name, NULL, 10);
    }
    if (errno)
        program_die(1, "/proc");
    return pids;
}

int main(int argc, char **argv)
{
    DIR *dir;
    long *pids;
    size_t count;

    program_begin(argv, "ps");
    if (argc > 1)
        program_usage(2, "ps");
    dir = opendir("/proc");
    if (!dir)
        program_die(1, "/proc");
    pids = pids_read(dir, &count);
    closedir(dir);
    if (count > 1)
        qsort(pids, count, sizeof(*pids), pid_compare);
    printf("  PID  PPID   UID S   RSS/kB     TIME COMMAND\n");
    for (size_t i = 0; i < count; i++)
        process_show(pids[i]);
    free(pids);
    return program_finish(0);
}
