/*
 * Posting signals. A signal is pending in the set of one task or of its process; the information
 * that came with it is queued beside. A task is woken when something that it does not block, and
 * does not ignore, becomes pending; signal_wake caches "look at your sets" so that the way back to
 * user mode takes no lock when there is nothing.
 *
 * Standard signals do not queue: one that is pending already is dropped. Real-time signals queue
 * as long as memory allows (signal(7)).
 */
#include "sched/signal.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/sched.h"
#include "sched/task.h"

#define SIG_STOP_SET    (SIG_BIT(SIGSTOP) | SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) | SIG_BIT(SIGTTOU))
#define SIG_UNBLOCKABLE (SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP))
#define SIG_IGNORE_SET  (SIG_BIT(SIGCHLD) | SIG_BIT(SIGCONT) | SIG_BIT(SIGURG) | SIG_BIT(SIGWINCH))
/* Taken before others: they say where the program stands. */
#define SIG_SYNCHRONOUS                                                                            \
    (SIG_BIT(SIGSEGV) | SIG_BIT(SIGBUS) | SIG_BIT(SIGILL) | SIG_BIT(SIGTRAP) | SIG_BIT(SIGFPE) |   \
     SIG_BIT(SIGSYS))

struct sigqueue {
    struct list_head link;
    struct siginfo info;
};

void sigpending_init(struct sigpending *pending)
{
    pending->set = 0;
    list_init(&pending->queue);
}

/* Takes out what is queued for the signals of `set`. process_lock is held. */
static void sigpending_remove(struct sigpending *pending, uint64_t set)
{
    struct sigqueue *q, *next;

    pending->set &= ~set;
    list_for_each_entry_safe (q, next, &pending->queue, link) {
        if (set & SIG_BIT(q->info.signo)) {
            list_del(&q->link);
            kmfree(q);
        }
    }
}

void sigpending_clear(struct sigpending *pending)
{
    sigpending_remove(pending, ~0UL);
}

struct sighand *sighand_create(const struct sighand *from)
{
    struct sighand *sighand = kmalloc(sizeof(*sighand), 0);

    if (!sighand)
        return NULL;
    if (from)
        memcpy(sighand, from, sizeof(*sighand));
    else
        memset(sighand, 0, sizeof(*sighand));
    sighand->refs = 1;
    return sighand;
}

void sighand_put(struct sighand *sighand)
{
    if (__atomic_sub_fetch((uint32_t *)&sighand->refs, 1, __ATOMIC_ACQ_REL) == 0)
        kmfree(sighand);
}

bool signal_default_ignored(int sig)
{
    return SIG_BIT(sig) & SIG_IGNORE_SET;
}

bool signal_default_stops(int sig)
{
    return SIG_BIT(sig) & SIG_STOP_SET;
}

static uint64_t signal_action(const struct process *process, int sig)
{
    return process->sighand ? process->sighand->action[sig - 1].handler : SIG_DFL;
}

static bool signal_ignored(const struct process *process, int sig)
{
    uint64_t handler = signal_action(process, sig);

    return handler == SIG_IGN || (handler == SIG_DFL && signal_default_ignored(sig));
}

/* init takes only signals that it handles: nothing kills or stops pid 1. */
static bool signal_spared(const struct process *process, int sig)
{
    return process->pid == 1 && signal_action(process, sig) == SIG_DFL;
}

static bool signal_fatal(const struct process *process, int sig)
{
    return sig == SIGKILL || (signal_action(process, sig) == SIG_DFL &&
                              !signal_default_ignored(sig) && !signal_default_stops(sig));
}

/* What the task could take now. */
static uint64_t signal_deliverable(const struct task *task)
{
    return (task->pending.set | task->process->shared_pending.set) & ~task->blocked;
}

void signal_recalc(struct task *task)
{
    assert(spin_held(&process_lock));
    task->signal_wake = signal_deliverable(task) != 0 || task->process->exiting;
}

/* Tells a task that it has a signal; wakes it as deeply as the signal's weight allows. */
static void signal_notify(struct task *task, int sig)
{
    unsigned states = TASK_INTERRUPTIBLE;

    if (SIG_BIT(sig) & task->blocked)
        return;
    if (signal_fatal(task->process, sig))
        states |= TASK_KILLABLE;
    if (sig == SIGKILL)
        states |= TASK_STOPPED;
    task->signal_wake = true;
    sched_wake(task, states);
}

/* Stop signals and SIGCONT cancel each other, pending or in force (POSIX, 2.4.1). */
static void signal_cancel_opposite(struct process *process, int sig)
{
    uint64_t opposite = 0;
    struct task *task;

    if (signal_default_stops(sig))
        opposite = SIG_BIT(SIGCONT);
    else if (sig == SIGCONT)
        opposite = SIG_STOP_SET;
    if (!opposite)
        return;
    sigpending_remove(&process->shared_pending, opposite);
    list_for_each_entry (task, &process->threads, thread_link) {
        sigpending_remove(&task->pending, opposite);
        if (sig == SIGCONT)
            sched_wake(task, TASK_STOPPED);
    }
    if (sig == SIGCONT && process->stop_signal) {
        process->stop_signal = 0;
        process->continue_pending = true;
        process->stop_reported = false;
        if (process->parent)
            wait_wake_all(&process->parent->child_wait);
    }
}

static void sigpending_add(struct sigpending *pending, int sig, const struct siginfo *info)
{
    struct sigqueue *q;

    if (sig < SIGRTMIN && pending->set & SIG_BIT(sig))
        return;
    pending->set |= SIG_BIT(sig);
    if (!info)
        return;
    q = kmalloc(sizeof(*q), ALLOC_ATOMIC);
    if (!q)
        return;
    q->info = *info;
    q->info.signo = sig;
    list_add_tail(&q->link, &pending->queue);
}

/* Whether posting has any effect; a blocked signal is kept even if it would be ignored. */
static bool signal_wanted(struct process *process, uint64_t blocked, int sig)
{
    if (process->zombie || process == &kernel_process)
        return false;
    if (signal_spared(process, sig))
        return false;
    return blocked & SIG_BIT(sig) || !signal_ignored(process, sig);
}

void signal_post_task_locked(struct task *task, int sig, const struct siginfo *info)
{
    assert(spin_held(&process_lock));
    signal_cancel_opposite(task->process, sig);
    if (!signal_wanted(task->process, task->blocked, sig))
        return;
    sigpending_add(&task->pending, sig, info);
    signal_notify(task, sig);
}

void signal_post_process_locked(struct process *process, int sig, const struct siginfo *info)
{
    struct task *task, *target = NULL;
    uint64_t blocked_by_all = ~0UL;

    assert(spin_held(&process_lock));
    signal_cancel_opposite(process, sig);
    list_for_each_entry (task, &process->threads, thread_link) {
        blocked_by_all &= task->blocked;
        if (!target && !(task->blocked & SIG_BIT(sig)))
            target = task;
    }
    if (!signal_wanted(process, blocked_by_all, sig))
        return;
    sigpending_add(&process->shared_pending, sig, info);
    if (signal_fatal(process, sig)) {
        list_for_each_entry (task, &process->threads, thread_link)
            signal_notify(task, sig);
    } else if (target) {
        signal_notify(target, sig);
    }
}

void signal_post_process(struct process *process, int sig, const struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);

    signal_post_process_locked(process, sig, info);
    spin_unlock_irqrestore(&process_lock, flags);
}

int signal_post_group(pid_t pgid, int sig, const struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct process *process;
    int count = 0;

    for (process = process_next(0); process; process = process_next(process->pid)) {
        if (process->pgid != pgid)
            continue;
        signal_post_process_locked(process, sig, info);
        count++;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return count;
}

void signal_force(int sig, const struct siginfo *info)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct task *task = current_task();
    struct k_sigaction *action = &task->process->sighand->action[sig - 1];

    if (action->handler == SIG_IGN || task->blocked & SIG_BIT(sig))
        action->handler = SIG_DFL;
    task->blocked &= ~SIG_BIT(sig);
    sigpending_remove(&task->pending, SIG_BIT(sig));
    sigpending_add(&task->pending, sig, info);
    task->signal_wake = true;
    spin_unlock_irqrestore(&process_lock, flags);
}

bool signal_pending(void)
{
    return current_task()->signal_wake;
}

bool signal_fatal_pending(void)
{
    struct task *task = current_task();
    uint64_t flags, set;
    bool fatal;

    if (!task->signal_wake)
        return false;
    flags = spin_lock_irqsave(&process_lock);
    fatal = task->process->exiting;
    for (set = signal_deliverable(task); set && !fatal; set &= set - 1)
        fatal = signal_fatal(task->process, (int)ctz64(set) + 1);
    spin_unlock_irqrestore(&process_lock, flags);
    return fatal;
}

/* Takes one occurrence of sig out of pending; fills info with what came with it. */
static void sigpending_take(struct sigpending *pending, int sig, struct siginfo *info)
{
    struct sigqueue *q, *next;
    bool found = false, more = false;

    *info = (struct siginfo){.signo = sig, .code = SI_USER};
    list_for_each_entry_safe (q, next, &pending->queue, link) {
        if (q->info.signo != sig)
            continue;
        if (found) {
            more = true;
            break;
        }
        found = true;
        *info = q->info;
        list_del(&q->link);
        kmfree(q);
    }
    if (!more)
        pending->set &= ~SIG_BIT(sig);
}

int signal_dequeue_set(uint64_t set, struct siginfo *info)
{
    struct task *task = current_task();
    struct sigpending *pending = &task->pending;
    uint64_t ready;
    int sig;

    assert(spin_held(&process_lock));
    ready = pending->set & set;
    if (!ready) {
        pending = &task->process->shared_pending;
        ready = pending->set & set;
    }
    if (!ready)
        return 0;
    if (ready & SIG_BIT(SIGKILL))
        ready = SIG_BIT(SIGKILL);
    else if (ready & SIG_SYNCHRONOUS)
        ready &= SIG_SYNCHRONOUS;
    sig = (int)ctz64(ready) + 1;
    sigpending_take(pending, sig, info);
    return sig;
}

int signal_dequeue(struct siginfo *info, struct k_sigaction *action)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct task *task = current_task();
    int sig = signal_dequeue_set(~task->blocked, info);

    if (sig) {
        struct k_sigaction *own = &task->process->sighand->action[sig - 1];

        *action = *own;
        if (own->flags & SA_RESETHAND && own->handler > SIG_IGN)
            own->handler = SIG_DFL;
    }
    signal_recalc(task);
    spin_unlock_irqrestore(&process_lock, flags);
    return sig;
}

void signal_set_blocked(uint64_t mask)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);

    current_task()->blocked = mask & ~SIG_UNBLOCKABLE;
    signal_recalc(current_task());
    spin_unlock_irqrestore(&process_lock, flags);
}

void signal_discard_ignored(struct process *process, int sig)
{
    struct task *task;

    assert(spin_held(&process_lock));
    if (!signal_ignored(process, sig))
        return;
    sigpending_remove(&process->shared_pending, SIG_BIT(sig));
    list_for_each_entry (task, &process->threads, thread_link) {
        sigpending_remove(&task->pending, SIG_BIT(sig));
        signal_recalc(task);
    }
}
