/*
 * jobs.c - the table of jobs, kept up to date by waitpid; see jobs.h.
 *
 * Only one place calls waitpid. A process it returns that belongs to no job (the writer of a
 * here-document) is simply gone. Finished background jobs stay until their status was asked for
 * or reported; of those nobody asks for, the oldest go when there are too many.
 */
#include "userland/c/sh/jobs.h"

#include "userland/c/lib/signame.h"
#include "userland/c/sh/strbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define JOBS_DONE_KEPT 64

/* Forgets the oldest finished jobs when more than JOBS_DONE_KEPT are there. */
static void jobs_prune(struct jobs *jobs)
{
    struct job *oldest = NULL;
    int done = 0;

    for (struct job *job = jobs->first; job; job = job->next) {
        if (!job_is_done(job) || job->count == 0)
            continue;
        if (!oldest)
            oldest = job;
        done++;
    }
    if (done > JOBS_DONE_KEPT)
        jobs_remove(jobs, oldest);
}

struct job *jobs_add(struct jobs *jobs, const char *text)
{
    struct job *job = mem_alloc(sizeof(*job)), **at;
    int id = 1;

    jobs_prune(jobs);
    for (at = &jobs->first; *at; at = &(*at)->next)
        id = (*at)->id + 1;
    *job = (struct job){.id = id, .text = mem_strdup(text ? text : "")};
    *at = job;
    return job;
}

void job_add_process(struct job *job, pid_t pid)
{
    job->processes = mem_realloc(job->processes, (job->count + 1) * sizeof(*job->processes));
    job->processes[job->count++] = (struct process){.pid = pid};
}

static void job_free(struct job *job)
{
    free(job->text);
    free(job->processes);
    free(job);
}

void jobs_remove(struct jobs *jobs, struct job *job)
{
    struct job **at = &jobs->first;

    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    job_free(job);
}

void jobs_clear(struct jobs *jobs)
{
    while (jobs->first)
        jobs_remove(jobs, jobs->first);
}

bool job_is_done(const struct job *job)
{
    for (size_t i = 0; i < job->count; i++)
        if (!job->processes[i].done)
            return false;
    return true;
}

bool job_is_stopped(const struct job *job)
{
    for (size_t i = 0; i < job->count; i++)
        if (!job->processes[i].done && !job->processes[i].stopped)
            return false;
    return !job_is_done(job);
}

int job_status(const struct job *job)
{
    int status;

    if (job->count == 0)
        return 0;
    status = job->processes[job->count - 1].status;
    if (WIFSIGNALED(status))
        return 128 + WTERMSIG(status);
    if (WIFSTOPPED(status))
        return 128 + WSTOPSIG(status);
    return WEXITSTATUS(status);
}

static void process_update(struct job *job, struct process *process, int status)
{
    process->status = status;
    process->stopped = WIFSTOPPED(status);
    process->done = WIFEXITED(status) || WIFSIGNALED(status);
    job->told = false;
}

static void jobs_update(struct jobs *jobs, pid_t pid, int status)
{
    for (struct job *job = jobs->first; job; job = job->next)
        for (size_t i = 0; i < job->count; i++)
            if (job->processes[i].pid == pid && !job->processes[i].done)
                process_update(job, &job->processes[i], status);
}

/* Waits for one change, or looks for one with WNOHANG; false if there was none. */
static bool jobs_reap(struct jobs *jobs, int options)
{
    int status;
    pid_t pid;

    do {
        pid = waitpid(-1, &status, WUNTRACED | options);
    } while (pid < 0 && errno == EINTR);
    if (pid <= 0)
        return false;
    jobs_update(jobs, pid, status);
    return true;
}

void jobs_wait(struct jobs *jobs, struct job *job)
{
    while (!job_is_done(job) && !job_is_stopped(job)) {
        if (jobs_reap(jobs, 0))
            continue;
        for (size_t i = 0; i < job->count; i++) /* no children: somebody took them */
            if (!job->processes[i].done)
                process_update(job, &job->processes[i], JOB_CANNOT_WAIT << 8);
    }
}

void jobs_poll(struct jobs *jobs)
{
    while (jobs_reap(jobs, WNOHANG))
        ;
}

struct job *jobs_current(struct jobs *jobs)
{
    struct job *current = NULL;

    for (struct job *job = jobs->first; job; job = job->next)
        if (job->background)
            current = job;
    return current;
}

static struct job *jobs_find_pid(struct jobs *jobs, pid_t pid)
{
    for (struct job *job = jobs->first; job; job = job->next)
        for (size_t i = 0; i < job->count; i++)
            if (job->processes[i].pid == pid)
                return job;
    return NULL;
}

struct job *jobs_find(struct jobs *jobs, const char *text)
{
    struct job *job;
    char *end;
    long number;

    if (text[0] != '%')
        return jobs_find_pid(jobs, (pid_t)strtol(text, NULL, 10));
    text++;
    if (!*text || strcmp(text, "%") == 0 || strcmp(text, "+") == 0)
        return jobs_current(jobs);
    number = strtol(text, &end, 10);
    for (job = jobs->first; job; job = job->next) {
        if (!*end && job->id == number)
            return job;
        if (*end && strncmp(job->text, text, strlen(text)) == 0)
            return job;
    }
    return NULL;
}

static void state_format(const struct job *job, char *text, size_t size)
{
    int status = job->count ? job->processes[job->count - 1].status : 0;

    if (job_is_stopped(job))
        snprintf(text, size, "Stopped");
    else if (!job_is_done(job))
        snprintf(text, size, "Running");
    else if (WIFSIGNALED(status))
        snprintf(text, size, "%s", signame_describe(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        snprintf(text, size, "Done(%d)", WEXITSTATUS(status));
    else
        snprintf(text, size, "Done");
}

void job_print(const struct job *job, FILE *file)
{
    char state[64];

    state_format(job, state, sizeof(state));
    fprintf(file, "[%d]  %-20s %s\n", job->id, state, job->text);
}

void jobs_report(struct jobs *jobs, FILE *file)
{
    struct job *next;

    for (struct job *job = jobs->first; job; job = next) {
        next = job->next;
        if (job->told || !job->background)
            continue;
        if (job_is_done(job) || job_is_stopped(job))
            job_print(job, file);
        job->told = true;
        if (job_is_done(job))
            jobs_remove(jobs, job);
    }
}
