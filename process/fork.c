/*
 * The child is built while nobody can find it; each part that it has is put into its task or
 * process at once, so that one function, child_free(), undoes any half-built state. Publishing is
 * the commit point: after it nothing fails.
 *
 * A signal to the whole group must reach parent and child or stop the fork: publishing and the
 * look at the parent's pending signals are one step under process_lock.
 */
#include "process/fork.h"

#include "arch/thread.h"
#include "arch/time.h"
#include "arch/uaccess.h"
#include "fs/fdtable.h"
#include "fs/file.h"
#include "fs/fs_context.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/mm.h"
#include "mm/mm_fork.h"
#include "process/restart.h"
#include "process/signal_action.h"
#include "process/vfork.h"
#include "sched/sched.h"
#include "sched/task.h"

#define CLONE_KNOWN                                                                                \
    (CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PTRACE | CLONE_VFORK |    \
     CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |            \
     CLONE_CHILD_CLEARTID | CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID | CLONE_IO |      \
     CLONE_CLEAR_SIGHAND)

static int check_flags(uint64_t flags)
{
    if (flags & ~CLONE_KNOWN || (flags & CSIGNAL) > NSIG)
        return -EINVAL;
    if (flags & CLONE_THREAD && !(flags & CLONE_SIGHAND))
        return -EINVAL;
    if (flags & CLONE_SIGHAND && !(flags & CLONE_VM))
        return -EINVAL;
    if (flags & CLONE_SIGHAND && flags & CLONE_CLEAR_SIGHAND)
        return -EINVAL;
    if (flags & CLONE_PARENT && !current_task()->process->parent)
        return -EINVAL;
    return 0;
}

/* Gives back all that a child that was never published has. */
static void child_free(struct task *child, uint64_t flags)
{
    if (child->mm)
        mm_put(child->mm);
    if (child->files)
        fdtable_put(child->files);
    if (child->fs)
        fs_context_put(child->fs);
    if (child->trace)
        file_put(child->trace);
    if (!(flags & CLONE_THREAD) && child->process) {
        if (child->process->sighand)
            sighand_put(child->process->sighand);
        process_free(child->process);
    }
    task_put(child);
}

static int copy_mm(struct task *child, uint64_t flags)
{
    struct mm *mm = current_task()->mm;

    if (flags & CLONE_VM) {
        mm_get(mm);
        child->mm = mm;
    } else {
        child->mm = mm_fork(mm);
    }
    return child->mm ? 0 : -ENOMEM;
}

static int copy_files(struct task *child, uint64_t flags)
{
    struct task *task = current_task();

    if (flags & CLONE_FILES) {
        fdtable_get(task->files);
        child->files = task->files;
    } else {
        child->files = fdtable_copy(task->files);
    }
    return child->files ? 0 : -ENOMEM;
}

static int copy_fs(struct task *child, uint64_t flags)
{
    struct task *task = current_task();

    if (flags & CLONE_FS) {
        fs_context_get(task->fs);
        child->fs = task->fs;
    } else {
        child->fs = fs_context_copy(task->fs);
    }
    return child->fs ? 0 : -ENOMEM;
}

/* Fills in a new process from the running one. */
static void inherit_process(struct process *child, const struct process *from, uint64_t flags)
{
    child->exit_signal = (int)(flags & CSIGNAL);
    if (flags & CLONE_PARENT)
        child->exit_signal = from->exit_signal;
    child->cred = from->cred;
    child->start_ns = time_ns();
    memcpy(child->rlimits, from->rlimits, sizeof(child->rlimits));
}

static int copy_sighand(struct process *child, uint64_t flags)
{
    struct sighand *sighand = current_task()->process->sighand;

    if (flags & CLONE_SIGHAND) {
        sighand->refs++;
        child->sighand = sighand;
    } else {
        child->sighand = sighand_create(sighand);
    }
    if (child->sighand && flags & CLONE_CLEAR_SIGHAND)
        signal_action_reset(child->sighand);
    return child->sighand ? 0 : -ENOMEM;
}

static int copy_process(struct task *child, uint64_t flags)
{
    struct process *process = current_task()->process;

    if (flags & CLONE_THREAD) {
        child->process = process;
        return 0;
    }
    if (!process_create(child))
        return -ENOMEM;
    inherit_process(child->process, process, flags);
    return copy_sighand(child->process, flags);
}

/* The child's registers and what the task itself keeps for the program. */
static void copy_thread(struct task *child, const struct clone_args *args)
{
    struct task *task = current_task();
    struct trap_frame frame;

    fp_save(&task->thread);
    frame = *thread_user_frame(&task->thread);
    frame.a0 = 0;
    thread_leave_syscall(&frame);
    if (args->stack)
        frame.sp = args->stack;
    if (args->flags & CLONE_SETTLS)
        frame.tp = args->tls;
    thread_init_user(&child->thread, child->stack_top, &frame);
    child->thread.fp = task->thread.fp;
    str_copy(child->comm, task->comm, sizeof(child->comm));
    child->blocked = task->blocked;
    child->trace = task->trace;
    if (child->trace)
        file_get(child->trace);
    if (args->flags & CLONE_CHILD_SETTID)
        child->set_child_tid = args->child_tid;
    if (args->flags & CLONE_CHILD_CLEARTID)
        child->clear_child_tid = args->child_tid;
    if (!(args->flags & CLONE_VM) || args->flags & CLONE_VFORK) {
        child->altstack_base = task->altstack_base;
        child->altstack_size = task->altstack_size;
    }
}

/* A task that is complete but not published, or NULL with *error set. */
static struct task *child_create(const struct clone_args *args, int *error)
{
    struct task *child = task_create();

    *error = -EAGAIN;
    if (!child)
        return NULL;
    *error = copy_process(child, args->flags);
    if (!*error)
        *error = copy_mm(child, args->flags);
    if (!*error)
        *error = copy_files(child, args->flags);
    if (!*error)
        *error = copy_fs(child, args->flags);
    if (*error) {
        child_free(child, args->flags);
        return NULL;
    }
    copy_thread(child, args);
    return child;
}

/* Makes the child findable: 0, or -ERESTARTNOINTR when the parent has a signal to handle first. */
static int child_publish(struct task *child, uint64_t clone_flags)
{
    struct process *self = current_task()->process;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    int error = current_task()->signal_wake ? -ERESTARTNOINTR : 0;

    if (!error && clone_flags & CLONE_THREAD) {
        task_publish(child);
    } else if (!error) {
        child->process->pgid = self->pgid;
        child->process->sid = self->sid;
        child->process->tty = self->tty;
        process_publish(child->process, clone_flags & CLONE_PARENT ? self->parent : self);
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return error;
}

/* Lets the child run. */
static void child_start(struct task *child, const struct clone_args *args)
{
    struct vfork_wait wait;

    if (args->flags & CLONE_VFORK)
        vfork_prepare(child, &wait);
    sched_start(child);
    if (args->flags & CLONE_VFORK)
        vfork_wait(child, &wait);
}

int64_t process_fork(const struct clone_args *args)
{
    int error = check_flags(args->flags);
    struct task *child;
    pid_t tid;

    if (error)
        return error;
    child = child_create(args, &error);
    if (!child)
        return error;
    tid = child->tid;
    if (args->flags & CLONE_PARENT_SETTID) {
        size_t left = copy_to_user(args->parent_tid, &tid, sizeof(tid));

        (void)left; /* as on Linux: a bad address is the program's loss */
    }
    error = child_publish(child, args->flags);
    if (error) {
        child_free(child, args->flags);
        return error;
    }
    child_start(child, args);
    return tid;
}
