/*
 * launch.c - process groups, the terminal, and the words for how a child died.
 *
 * With job control each job is a process group, set by parent and child alike (whoever comes
 * first), so that ^C reaches the foreground job and nothing else. The terminal is handed over
 * the same way; the child does it while SIGTTOU is still ignored. Without job control children
 * stay in the shell's group.
 */
#include "userland/c/sh/launch.h"

#include "userland/c/lib/program.h"
#include "userland/c/lib/signame.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const int interactive_signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};

#define INTERACTIVE_SIGNALS (sizeof(interactive_signals) / sizeof(interactive_signals[0]))

static void signal_set(int number, void (*disposition)(int))
{
    struct sigaction action = {.sa_handler = disposition};

    sigaction(number, &action, NULL);
}

void launch_ignore_signals(void)
{
    for (size_t i = 0; i < INTERACTIVE_SIGNALS; i++)
        signal_set(interactive_signals[i], SIG_IGN);
}

void launch_default_signals(const struct shell *sh)
{
    if (sh->interactive && !sh->in_child)
        for (size_t i = 0; i < INTERACTIVE_SIGNALS; i++)
            signal_set(interactive_signals[i], SIG_DFL);
}

/* The process group of a new member of JOB: the first one's pid. */
static void group_join(struct job *job, pid_t pid)
{
    if (job->group == 0)
        job->group = pid;
    setpgid(pid, job->group); /* fails if the other side was first and the child has run on */
}

static void input_from_null(void)
{
    int fd = open("/dev/null", O_RDONLY);

    if (fd > STDIN_FILENO) {
        dup2(fd, STDIN_FILENO);
        close(fd);
    }
}

static void child_begin(struct shell *sh, struct job *job, bool background)
{
    if (sh->job_control) {
        group_join(job, getpid());
        if (!background)
            tcsetpgrp(sh->terminal, job->group);
    } else if (background) {
        input_from_null();
    }
    launch_default_signals(sh);
    if (background && !sh->job_control) {
        signal_set(SIGINT, SIG_IGN);
        signal_set(SIGQUIT, SIG_IGN);
    }
    sh->in_child = true;
    sh->job_control = false;
    sh->loop_depth = 0;
    jobs_clear(&sh->jobs);
}

pid_t launch_fork(struct shell *sh, struct job *job, bool background)
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid < 0) {
        program_complain("fork: %s", strerror(errno));
        return -1;
    }
    if (pid == 0) {
        child_begin(sh, job, background);
        return 0;
    }
    job_add_process(job, pid);
    if (sh->job_control)
        group_join(job, pid);
    if (sh->job_control && !background)
        tcsetpgrp(sh->terminal, job->group);
    return pid;
}

/* Says which signal ended the job; not for those the user knows of: ^C and a closed pipe. */
static void death_report(struct shell *sh, const struct job *job)
{
    int status = job->processes[job->count - 1].status, number;

    if (!WIFSIGNALED(status))
        return;
    number = WTERMSIG(status);
    if (number == SIGINT && sh->interactive)
        fputc('\n', stderr);
    else if (number != SIGINT && number != SIGPIPE)
        fprintf(stderr, "%s\n", signame_describe(number));
}

int launch_wait(struct shell *sh, struct job *job)
{
    int status;

    if (job->count == 0) {
        jobs_remove(&sh->jobs, job);
        return STATUS_CANNOT_RUN;
    }
    jobs_wait(&sh->jobs, job);
    if (sh->job_control)
        tcsetpgrp(sh->terminal, getpgrp());
    status = job_status(job);
    if (job_is_stopped(job)) {
        job->background = true;
        job->told = true;
        fputc('\n', stderr);
        job_print(job, stderr);
        return status;
    }
    if (!sh->in_child)
        death_report(sh, job);
    if (status == STATUS_SIGNAL + SIGINT && sh->interactive && !sh->in_child) {
        sh->flow = FLOW_ABORT; /* ^C ends the loop it hit, too */
        sh->status = status;
    }
    jobs_remove(&sh->jobs, job);
    return status;
}

bool launch_continue(struct shell *sh, struct job *job, bool foreground)
{
    for (size_t i = 0; i < job->count; i++)
        job->processes[i].stopped = false;
    if (foreground)
        tcsetpgrp(sh->terminal, job->group);
    if (kill(-job->group, SIGCONT) == 0)
        return true;
    program_complain("%s", strerror(errno));
    if (foreground)
        tcsetpgrp(sh->terminal, getpgrp());
    return false;
}

void launch_end(int status)
{
    _exit(program_finish(status));
}
