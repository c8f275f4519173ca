#include "process/exit.h"

#include "arch/irq.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/fs_context.h"
#include "fs/tty_session.h"
#include "kernel/panic.h"
#include "lib/assert.h"
#include "mm/mm.h"
#include "process/futex.h"
#include "process/notify.h"
#include "process/reap.h"
#include "process/threads.h"
#include "process/times.h"
#include "process/vfork.h"
#include "sched/process_group.h"
#include "sched/sched.h"
#include "sched/signal_post.h"

#define INIT_PID 1

static void init_has_ended(int status)
{
    int sig = WAIT_STATUS_TERMSIG(status);

    if (sig)
        panic("init was killed by signal %d", sig);
    panic("init has ended with status %d", WAIT_STATUS_EXITCODE(status));
}

/* Leaves the address space; the last task of it frees it. */
static void exit_mm(struct task *task)
{
    struct mm *mm = mm_exchange(NULL);

    if (!mm)
        return;
    task->usage.max_rss_pages = MAX(task->usage.max_rss_pages, mm->peak_rss);
    vfork_release();
    mm_put(mm);
}

static void exit_files(struct task *task)
{
    struct fdtable *files = task->files;
    struct fs_context *fs = task->fs;
    uint64_t flags = spin_lock_irqsave(&process_lock);

    task->files = NULL;
    task->fs = NULL;
    spin_unlock_irqrestore(&process_lock, flags);
    if (files)
        fdtable_put(files);
    if (fs)
        fs_context_put(fs);
    if (task->trace)
        file_put(task->trace);
    task->trace = NULL;
}

/* Counts the running task among those that end: whether no task of the process goes on. */
static bool exit_begin(struct process *process)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool last = ++process->leaving == process->thread_count;

    spin_unlock_irqrestore(&process_lock, flags);
    return last;
}

static void post_to_group(pid_t pgid, int sig)
{
    struct process *p;

    for (p = process_next(0); p; p = process_next(p->pid))
        if (p->pgid == pgid)
            signal_post_process_locked(p, sig, NULL);
}

/*
 * POSIX, exit: a stopped group that this exit orphans gets SIGHUP and SIGCONT. Only a parent in the
 * member's session and outside its group kept the group from being orphaned until now.
 */
static void check_orphaned_group(const struct process *parent, pid_t pgid, pid_t sid,
                                 const struct process *leaving)
{
    if (parent->pgid == pgid || parent->sid != sid)
        return;
    if (!process_group_has_stopped(pgid) || !process_group_is_orphaned(pgid, leaving))
        return;
    post_to_group(pgid, SIGHUP);
    post_to_group(pgid, SIGCONT);
}

/* Gives one child to init; a dead one goes at once if init does not want it. */
static void reparent_child(struct process *child, struct process *init, struct list_head *unwanted)
{
    list_del(&child->sibling);
    child->parent = init;
    child->exit_signal = SIGCHLD;
    list_add_tail(&child->sibling, &init->children);
    if (!child->zombie)
        return;
    notify_parent_of_end(child);
    if (parent_declines(child)) {
        reap_locked(child, false);
        list_add_tail(&child->sibling, unwanted);
    }
}

/* All children go to init; those to be freed without the lock are put on `unwanted`. */
static void reparent_children(struct process *process, struct list_head *unwanted)
{
    struct process *init = process_find(INIT_PID), *child, *next;

    check_orphaned_group(process->parent, process->pgid, process->sid, process);
    if (list_empty(&process->children))
        return;
    assert(init && init != process);
    list_for_each_entry_safe (child, next, &process->children, sibling) {
        pid_t pgid = child->pgid, sid = child->sid;

        reparent_child(child, init, unwanted);
        check_orphaned_group(process, pgid, sid, process);
    }
}

/* The last task has ended: makes the process a zombie, or takes it out at once. */
static void process_end(struct process *process, struct list_head *unwanted)
{
    struct sighand *sighand = process->sighand;

    process->zombie = true;
    process->stop_signal = 0;
    reparent_children(process, unwanted);
    sigpending_clear(&process->shared_pending);
    process->sighand = NULL;
    sighand_put(sighand);
    notify_parent_of_end(process);
    if (parent_declines(process)) {
        reap_locked(process, false);
        list_add_tail(&process->sibling, unwanted);
    }
}

static void free_all(struct list_head *unwanted)
{
    struct process *process, *next;

    list_for_each_entry_safe (process, next, unwanted, sibling) {
        list_del(&process->sibling);
        process_free(process);
    }
}

/*
 * Takes the running task out of its process. From the moment that the lock is let go the process
 * may be reaped and gone, so the task then belongs to the kernel.
 */
static void leave_process(struct task *task)
{
    struct process *process = task->process;
    struct list_head unwanted = LIST_HEAD_INIT(unwanted);
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct usage usage;

    usage_of_current(&usage);
    usage_add(&process->usage, &usage);
    sigpending_clear(&task->pending);
    signal_pass_on(~task->blocked);
    task_unpublish(task);
    process->leaving--;
    if (process->thread_count == 0)
        process_end(process, &unwanted);
    else
        threads_one_ended(process);
    task->process = &kernel_process;
    task->signal_wake = false;
    spin_unlock_irqrestore(&process_lock, flags);
    free_all(&unwanted);
}

void task_exit(int status)
{
    struct task *task = current_task();
    struct process *process = task->process;
    bool last = exit_begin(process);

    if (task->numbers_process && !process->exiting)
        process->exit_status = status;
    if (process->pid == INIT_PID && last)
        init_has_ended(process->exit_status);
    futex_exit(task);
    exit_mm(task);
    if (last && process->sid == process->pid)
        tty_session_exit(process);
    exit_files(task);
    leave_process(task);
    sched_exit();
}

void process_exit_group(int status)
{
    struct process *process = current_task()->process;
    uint64_t flags = spin_lock_irqsave(&process_lock);

    if (!process->exiting && !process->exec_task) {
        process->exiting = true;
        process->exit_status = status;
        threads_interrupt_others();
    }
    spin_unlock_irqrestore(&process_lock, flags);
    task_exit(status);
}
