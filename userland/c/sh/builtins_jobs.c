/*
 * builtins_jobs.c - jobs, wait, fg, bg, and kill with job names.
 *
 * %N means a job; without job control there are no process groups, and kill sends its signal to
 * the job's processes instead.
 */
#include "userland/c/sh/builtins_jobs.h"

#include "userland/c/lib/command.h"
#include "userland/c/lib/program.h"
#include "userland/c/lib/signame.h"
#include "userland/c/sh/fields.h"
#include "userland/c/sh/launch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int builtin_jobs(struct shell *sh, int argc, char **argv)
{
    struct job *next;

    (void)argc, (void)argv;
    jobs_poll(&sh->jobs);
    for (struct job *job = sh->jobs.first; job; job = next) {
        next = job->next;
        if (!job->background)
            continue;
        job_print(job, stdout);
        job->told = true;
        if (job_is_done(job) && sh->interactive)
            jobs_remove(&sh->jobs, job);
    }
    return 0;
}

static int wait_one(struct shell *sh, const char *text)
{
    struct job *job = jobs_find(&sh->jobs, text);
    int status;

    if (!job || !job->background)
        return JOB_CANNOT_WAIT;
    jobs_wait(&sh->jobs, job);
    status = job_status(job);
    if (job_is_done(job))
        jobs_remove(&sh->jobs, job);
    return status;
}

/* Waits for every job that still runs; stopped ones would keep us for ever. */
static void wait_all(struct shell *sh)
{
    struct job *next;

    for (struct job *job = sh->jobs.first; job; job = next) {
        if (job->background)
            jobs_wait(&sh->jobs, job);
        next = job->next;
        if (job->background && job_is_done(job))
            jobs_remove(&sh->jobs, job);
    }
}

int builtin_wait(struct shell *sh, int argc, char **argv)
{
    int status = 0;

    if (argc == 1)
        wait_all(sh);
    for (int i = 1; i < argc; i++)
        status = wait_one(sh, argv[i]);
    return status;
}

int builtin_fg(struct shell *sh, int argc, char **argv)
{
    bool foreground = argv[0][0] == 'f';
    struct job *job;

    if (!sh->job_control) {
        program_complain("no job control");
        return 1;
    }
    job = argc > 1 ? jobs_find(&sh->jobs, argv[1]) : jobs_current(&sh->jobs);
    if (!job || job_is_done(job)) {
        program_complain("%s: no such job", argc > 1 ? argv[1] : "current");
        return 1;
    }
    printf("%s\n", job->text);
    fflush(stdout);
    job->background = !foreground;
    if (!launch_continue(sh, job, foreground))
        return 1;
    return foreground ? launch_wait(sh, job) : 0;
}

static void add_number(struct fields *words, long number)
{
    char text[24];

    snprintf(text, sizeof(text), "%ld", number);
    fields_add(words, mem_strdup(text));
}

/* Adds what a job's name means to kill. False (said) if there is no such job. */
static bool add_job(struct shell *sh, struct fields *words, const char *name)
{
    struct job *job = jobs_find(&sh->jobs, name);

    if (!job) {
        program_complain("%s: no such job", name);
        return false;
    }
    if (job->group)
        add_number(words, -(long)job->group);
    for (size_t i = 0; !job->group && i < job->count; i++)
        if (!job->processes[i].done)
            add_number(words, job->processes[i].pid);
    return true;
}

/* A stopped job sees a signal that asks it to end only when it runs on. */
static void wake_ended(struct shell *sh, int argc, char **argv)
{
    int number = SIGTERM;

    if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0)
        number = signame_parse(argv[argc > 2 && strcmp(argv[1], "-s") == 0 ? 2 : 1] +
                               (strcmp(argv[1], "-s") != 0));
    for (int i = 1; i < argc && (number == SIGTERM || number == SIGHUP); i++) {
        struct job *job = argv[i][0] == '%' ? jobs_find(&sh->jobs, argv[i]) : NULL;

        if (job && job->group && job_is_stopped(job))
            launch_continue(sh, job, false);
    }
}

int builtin_kill(struct shell *sh, int argc, char **argv)
{
    struct fields words = {0};
    bool found = true;
    int status = 1;

    for (int i = 0; i < argc && found; i++) {
        if (argv[i][0] == '%' && i == 1)
            fields_add(&words, mem_strdup("--")); /* a group's number looks like an option */
        if (argv[i][0] == '%')
            found = add_job(sh, &words, argv[i]);
        else
            fields_add(&words, mem_strdup(argv[i]));
    }
    if (found)
        status = command_kill((int)words.count, words.items);
    if (status == 0)
        wake_ended(sh, argc, argv);
    fields_free(&words);
    return status;
}
