/*
 * The out-of-memory killer. Its victim is the process that maps most memory, page tables included;
 * never pid 1. A victim gets OOM_PATIENCE_NS to die before another is chosen: killing is cheap, but
 * what it frees comes only when the victim has run to its end.
 */
#include "mm/oom.h"

#include "arch/time.h"
#include "kernel/print.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/mm.h"
#include "sched/signal_post.h"
#include "sched/task.h"
#include "sched/wait.h"

#define OOM_PATIENCE_NS 1000000000UL
#define OOM_SLEEP_NS    5000000UL

/* What is printed of the victim; its structures may be gone by then. */
struct victim {
    pid_t pid;
    char comm[TASK_COMM_LEN];
    uint64_t pages;
};

/* Where those who wait for memory sleep; only time, and being killed, ends it. */
static struct wait_queue nobody_wakes = {
    .lock = SPINLOCK_INIT("oom"),
    .waiters = LIST_HEAD_INIT(nobody_wakes.waiters),
};

static pid_t last_pid;        /* (p) the last victim; 0: none */
static uint64_t last_kill_ns; /* (p) when it was killed */

static struct task *task_with_mm(struct process *process)
{
    struct task *task;

    list_for_each_entry (task, &process->threads, thread_link) {
        if (task->mm)
            return task;
    }
    return NULL;
}

static uint64_t pages_of(const struct mm *mm)
{
    return mm->rss_anon + mm->rss_file + mm->table_pages;
}

/* The process with the most memory that may be killed; process_lock is held. */
static struct process *choose(struct victim *victim)
{
    struct process *process = NULL, *chosen = NULL;

    victim->pages = 0;
    for (pid_t pid = 1; (process = process_next(pid)); pid = process->pid) {
        struct task *task = process->zombie ? NULL : task_with_mm(process);

        if (!task || pages_of(task->mm) <= victim->pages)
            continue;
        chosen = process;
        victim->pid = process->pid;
        victim->pages = pages_of(task->mm);
        str_copy(victim->comm, task->comm, sizeof(victim->comm));
    }
    return chosen;
}

/* Whether the last victim is still there and has had little time; process_lock is held. */
static bool still_dying(uint64_t now)
{
    struct process *process = last_pid ? process_find(last_pid) : NULL;

    return process && !process->zombie && now - last_kill_ns < OOM_PATIENCE_NS;
}

/* Kills, unless it has been done. False: there is nobody to kill. */
static bool kill_largest(uint64_t now)
{
    struct victim victim = {0};
    struct process *process = NULL;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool dying = still_dying(now);

    if (!dying)
        process = choose(&victim);
    if (process) {
        last_pid = victim.pid;
        last_kill_ns = now;
        signal_post_process_locked(process, SIGKILL, NULL);
    }
    spin_unlock_irqrestore(&process_lock, flags);
    if (process)
        print_report("out of memory: killed %d (%s), %lu KiB\n", victim.pid, victim.comm,
                     victim.pages * (PAGE_SIZE / KIB));
    return dying || process;
}

int oom_relieve(uint64_t *since)
{
    uint64_t now = time_ns();

    if (signal_fatal_pending())
        return -EINTR;
    if (*since == 0)
        *since = now;
    if (now - *since >= OOM_GIVE_UP_NS || !kill_largest(now))
        return -ENOMEM;
    wait_event_common(&nobody_wakes, false, TASK_KILLABLE, now + OOM_SLEEP_NS, false);
    return signal_fatal_pending() ? -EINTR : 0;
}
