/*
 * Looking at processes: see fs/process_view.h. Under process_lock nothing sleeps and nothing is
 * allocated; what is copied there is printed afterwards.
 *
 * Tasks count their own times without a lock, so a sum may be a moment old.
 */
#include "fs/process_view.h"

#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "fs/tty_session.h"
#include "kernel/hart.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/mm.h"

static void usage_add(struct usage *sum, const struct usage *part)
{
    sum->user_ns += part->user_ns;
    sum->system_ns += part->system_ns;
    sum->minor_faults += part->minor_faults;
    sum->major_faults += part->major_faults;
    sum->voluntary_switches += part->voluntary_switches;
    sum->involuntary_switches += part->involuntary_switches;
    sum->max_rss_pages = MAX(sum->max_rss_pages, part->max_rss_pages);
}

/* The task that stands for the process: one that has memory, else its leader. */
static struct task *process_task(struct process *process)
{
    struct task *task;

    list_for_each_entry (task, &process->threads, thread_link)
        if (task->mm)
            return task;
    return process->leader;
}

static char state_letter(const struct process *process, const struct task *task)
{
    if (process->zombie)
        return 'Z';
    if (process->stop_signal)
        return 'T';
    switch (task ? task->state : TASK_DEAD) {
    case TASK_RUNNING:
        return 'R';
    case TASK_INTERRUPTIBLE:
        return 'S';
    case TASK_UNINTERRUPTIBLE:
    case TASK_KILLABLE:
        return 'D';
    case TASK_STOPPED:
        return 'T';
    default:
        return 'X';
    }
}

static void view_identity(struct process_view *view, struct process *process)
{
    view->pid = process->pid;
    view->ppid = process->parent ? process->parent->pid : 0;
    view->pgid = process->pgid;
    view->sid = process->sid;
    tty_describe(process, &view->tty, &view->tty_foreground);
    view->exit_signal = process->exit_signal;
    view->exit_status = process->exit_status;
    view->threads = process->thread_count;
    view->cred = process->cred;
    view->start_ns = process->start_ns;
    memcpy(view->rlimits, process->rlimits, sizeof(view->rlimits));
}

static void view_usage(struct process_view *view, struct process *process)
{
    struct task *task;

    view->usage = process->usage;
    view->children = process->children_usage;
    list_for_each_entry (task, &process->threads, thread_link)
        usage_add(&view->usage, &task->usage);
}

static void view_signals(struct process_view *view, struct process *process)
{
    view->shared_pending = process->shared_pending.set;
    if (!process->sighand)
        return;
    for (int sig = 1; sig <= NSIG; sig++) {
        uint64_t handler = process->sighand->action[sig - 1].handler;

        if (handler == SIG_IGN)
            view->ignored |= SIG_BIT(sig);
        else if (handler != SIG_DFL)
            view->caught |= SIG_BIT(sig);
    }
}

static void view_task(struct process_view *view, struct task *task)
{
    memcpy(view->comm, task->comm, sizeof(view->comm));
    view->comm[sizeof(view->comm) - 1] = '\0';
    view->hart = task->thread.hart ? task->thread.hart->index : 0;
    view->pending = task->pending.set;
    view->blocked = task->blocked;
    view->mm = task->mm;
    view->files = task->files;
    view->fs = task->fs;
    if (view->mm)
        mm_get(view->mm);
    if (view->files)
        fdtable_get(view->files);
    if (view->fs)
        fs_context_get(view->fs);
}

int process_view_get(pid_t pid, struct process_view *view)
{
    struct process *process;
    struct task *task;
    uint64_t flags;

    memset(view, 0, sizeof(*view));
    flags = spin_lock_irqsave(&process_lock);
    process = process_find(pid);
    if (process) {
        task = process_task(process);
        view_identity(view, process);
        view_usage(view, process);
        view_signals(view, process);
        view->state = state_letter(process, task);
        if (task)
            view_task(view, task);
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return process ? 0 : -ESRCH;
}

void process_view_put(struct process_view *view)
{
    if (view->mm)
        mm_put(view->mm);
    if (view->files)
        fdtable_put(view->files);
    if (view->fs)
        fs_context_put(view->fs);
}

bool process_view_exists(pid_t pid)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool exists = process_find(pid) != NULL;

    spin_unlock_irqrestore(&process_lock, flags);
    return exists;
}

int process_view_owner(pid_t pid, uid_t *uid, gid_t *gid)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *process = process_find(pid);

    if (process) {
        *uid = process->cred.euid;
        *gid = process->cred.egid;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return process ? 0 : -ESRCH;
}

/* Linux's rule without capabilities (kernel/ptrace.c, __ptrace_may_access). */
int process_view_permission(const struct process_view *view)
{
    const struct credentials *own = &current_task()->process->cred, *its = &view->cred;

    if (own->euid == 0 || view->pid == current_task()->process->pid)
        return 0;
    if (own->fsuid == its->uid && own->fsuid == its->euid && own->fsuid == its->suid &&
        own->fsgid == its->gid && own->fsgid == its->egid && own->fsgid == its->sgid)
        return 0;
    return -EACCES;
}

static void sums_add_task(struct process_sums *sums, const struct task *task)
{
    sums->tasks++;
    sums->user_ns += task->usage.user_ns;
    sums->system_ns += task->usage.system_ns;
    sums->switches += task->usage.voluntary_switches + task->usage.involuntary_switches;
}

static void sums_add_process(struct process_sums *sums, struct process *process)
{
    const struct task *first = process_task(process), *task;

    sums->last_pid = process->pid;
    sums->user_ns += process->usage.user_ns + process->children_usage.user_ns;
    sums->system_ns += process->usage.system_ns + process->children_usage.system_ns;
    if (first && first->mm) {
        sums->anon_pages += first->mm->rss_anon;
        sums->table_pages += first->mm->table_pages;
    }
    list_for_each_entry (task, &process->threads, thread_link)
        sums_add_task(sums, task);
}

void process_sums_get(struct process_sums *sums)
{
    struct process *process;
    uint64_t flags;

    memset(sums, 0, sizeof(*sums));
    flags = spin_lock_irqsave(&process_lock);
    for (process = process_next(0); process; process = process_next(process->pid))
        sums_add_process(sums, process);
    spin_unlock_irqrestore(&process_lock, flags);
}
