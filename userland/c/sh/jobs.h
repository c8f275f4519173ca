/*
 * jobs.h - the processes the shell started and how they ended.
 *
 * A job is a pipeline, or a list run in the background: some processes, in one process group
 * if job control is on. Jobs know nothing of terminals or of the shell; launch.c does.
 */
#ifndef SH_JOBS_H
#define SH_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#define JOB_CANNOT_WAIT 127 /* wait's status for a process that is no child (POSIX, wait) */

struct process {
    pid_t pid;
    int status; /* as from waitpid, once done or stopped */
    bool done, stopped;
};

struct job {
    struct job *next;
    int id;          /* %1, %2 ... */
    pid_t group;     /* 0: the shell's own */
    bool background; /* shown by jobs */
    bool told;       /* its present state has been reported */
    char *text;
    struct process *processes; /* in the pipeline's order */
    size_t count;
};

struct jobs {
    struct job *first; /* by id */
};

/* A new job without processes. TEXT is copied; NULL is "". */
struct job *jobs_add(struct jobs *jobs, const char *text);

void job_add_process(struct job *job, pid_t pid);

/* Takes a job out and frees it. */
void jobs_remove(struct jobs *jobs, struct job *job);

/* Forgets all jobs: in a child, they are not its children. */
void jobs_clear(struct jobs *jobs);

bool job_is_done(const struct job *job);

/* All processes that are not done are stopped, and there is one. */
bool job_is_stopped(const struct job *job);

/* The status of the last process: its exit status, or 128 + its signal. */
int job_status(const struct job *job);

/* Sleeps until the job is done or stopped. Others' ends are noted meanwhile. */
void jobs_wait(struct jobs *jobs, struct job *job);

/* Notes what has ended or stopped without waiting. */
void jobs_poll(struct jobs *jobs);

/* The job TEXT means: %N, %%, %+, %prefix, or the number of one of its processes; NULL. */
struct job *jobs_find(struct jobs *jobs, const char *text);

/* The latest job in the background, for fg and bg; NULL if none. */
struct job *jobs_current(struct jobs *jobs);

/* "[1]  Running   text" */
void job_print(const struct job *job, FILE *file);

/* Prints background jobs whose state changed; frees those that are done. */
void jobs_report(struct jobs *jobs, FILE *file);

#endif
