/*
 * Looking at a process that may end at any moment: everything /proc tells of it, copied under
 * process_lock, and references to what hangs on it.
 *
 * These rely on task->mm, files and fs being changed under process_lock only.
 */
#pragma once

#include "sched/task.h"

struct fdtable;
struct fs_context;
struct mm;

/* One process at one moment. Times in nanoseconds, sizes in pages. */
struct process_view {
    pid_t pid, ppid, pgid, sid;
    uint64_t tty;         /* device number; 0: none */
    pid_t tty_foreground; /* -1: none */
    char state;           /* R S D T Z X: proc(5) */
    char comm[TASK_COMM_LEN];
    int exit_signal, exit_status;
    unsigned threads;
    unsigned hart;
    struct credentials cred;
    struct usage usage;    /* of all its tasks */
    struct usage children; /* of those it has waited for */
    uint64_t start_ns;
    uint64_t pending, shared_pending, blocked, ignored, caught; /* sets of signals */
    struct rlimit rlimits[RLIMIT_COUNT];
    struct mm *mm;         /* a reference, or NULL: a zombie */
    struct fdtable *files; /* a reference, or NULL */
    struct fs_context *fs; /* a reference, or NULL */
};

/* Fills in view: 0, or -ESRCH. process_view_put() gives the references back. Does not sleep. */
int process_view_get(pid_t pid, struct process_view *view);

/* Sleeps. */
void process_view_put(struct process_view *view);

/* Whether there is such a process, zombies included. Does not sleep. */
bool process_view_exists(pid_t pid);

/* Its effective ids, as the owner of its files in /proc: 0, or -ESRCH. Does not sleep. */
int process_view_owner(pid_t pid, uid_t *uid, gid_t *gid);

/*
 * Whether the running process may look inside this one (its links, its memory's text): 0 for the
 * superuser and for its own user, else -EACCES.
 */
int process_view_permission(const struct process_view *view);

/* Sums over all processes. */
struct process_sums {
    unsigned tasks;
    pid_t last_pid; /* the largest there is */
    uint64_t user_ns, system_ns, switches;
    uint64_t anon_pages, table_pages;
};

void process_sums_get(struct process_sums *sums);
