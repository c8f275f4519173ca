/*
 * A system call that was interrupted has an internal code in a0 (process/restart.h). First it is
 * set back to be made again; if then a handler is to run before it and the code says so, the frame
 * that the handler returns to gets EINTR instead.
 *
 * The mask of sigsuspend() and ppoll() holds until a handler has been chosen: its frame goes back
 * to the mask from before. Without a handler that mask is put back here.
 */
#include "process/signal_deliver.h"

#include "arch/thread.h"
#include "lib/errno.h"
#include "process/exit.h"
#include "process/notify.h"
#include "process/restart.h"
#include "process/signal_frame.h"
#include "process/stop.h"
#include "sched/signal_post.h"
#include "sched/task.h"

#define ECALL_LENGTH 4

/* The interrupted system call, if there is one. */
struct interrupted {
    int64_t code;     /* -ERESTART*, or 0 */
    uint64_t next_pc; /* behind the call */
};

static bool is_restart_code(int64_t a0)
{
    return a0 == -ERESTARTSYS || a0 == -ERESTARTNOINTR || a0 == -ERESTARTNOHAND ||
           a0 == -ERESTART_DEADLINE;
}

/* Sets the frame back to before the call. */
static struct interrupted restart_prepare(struct trap_frame *regs)
{
    struct interrupted call = {0};

    if (!thread_in_syscall(regs) || !is_restart_code((int64_t)regs->a0))
        return call;
    call.code = (int64_t)regs->a0;
    call.next_pc = regs->pc;
    regs->pc -= ECALL_LENGTH;
    regs->a0 = regs->orig_a0;
    thread_leave_syscall(regs);
    return call;
}

/* A handler is to run: the call ends with EINTR, unless it is to be made again after it. */
static void restart_decide(struct interrupted *call, struct trap_frame *regs, uint64_t sa_flags)
{
    if (!call->code)
        return;
    if (call->code == -ERESTARTNOHAND || call->code == -ERESTART_DEADLINE ||
        (call->code == -ERESTARTSYS && !(sa_flags & SA_RESTART))) {
        regs->pc = call->next_pc;
        regs->a0 = (uint64_t)-EINTR;
        current_task()->restart_deadline_ns = 0;
    }
    call->code = 0;
}

/* The frame could not be pushed: a SIGSEGV that a handler for it cannot catch either. */
static void frame_failed(int sig)
{
    const struct siginfo info = {.signo = SIGSEGV, .code = SI_KERNEL};

    if (sig == SIGSEGV)
        process_exit_group(WAIT_STATUS_SIGNAL(SIGSEGV));
    signal_force(SIGSEGV, &info);
}

static void run_handler(struct trap_frame *regs, const struct siginfo *info,
                        const struct k_sigaction *action)
{
    struct task *task = current_task();
    uint64_t mask = task->restore_blocked ? task->saved_blocked : task->blocked;
    uint64_t during = task->blocked | action->mask;

    task->restore_blocked = false;
    if (!(action->flags & SA_NODEFER))
        during |= SIG_BIT(info->signo);
    if (signal_frame_push(regs, info, action, mask)) {
        signal_set_blocked(mask);
        frame_failed(info->signo);
        return;
    }
    signal_set_blocked(during);
}

/* The default action of a signal that has one. */
static void default_action(int sig)
{
    if (signal_default_ignored(sig))
        return;
    if (signal_default_stops(sig))
        process_stop(sig);
    else
        process_exit_group(WAIT_STATUS_SIGNAL(sig));
}

/* What the process as a whole is doing: ending, or stopped. */
static void obey_process(struct task *task)
{
    struct process *process = task->process;
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool end = process->exiting || (process->exec_task && process->exec_task != task);
    int status = process->exit_status;

    spin_unlock_irqrestore(&process_lock, flags);
    if (end)
        task_exit(status);
    process_stop_wait();
}

static void restore_mask(struct task *task)
{
    if (task->restore_blocked) {
        task->restore_blocked = false;
        signal_set_blocked(task->saved_blocked);
    }
}

void signal_deliver(struct trap_frame *regs)
{
    struct task *task = current_task();
    struct interrupted call = restart_prepare(regs);
    struct k_sigaction action;
    struct siginfo info;
    int sig;

    for (;;) {
        obey_process(task);
        sig = signal_dequeue(&info, &action);
        if (!sig)
            break;
        if (action.handler == SIG_DFL)
            default_action(sig);
        if (action.handler <= SIG_IGN)
            continue;
        restart_decide(&call, regs, action.flags);
        run_handler(regs, &info, &action);
        return;
    }
    restore_mask(task);
}
