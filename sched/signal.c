/*
 * The state of signals. A signal is pending in the set of one task or of its process; the
 * information that came with it is queued beside. signal_wake caches "look at your sets" so that
 * the way back to user mode takes no lock when there is nothing.
 *
 * Standard signals do not queue: one that is pending already is dropped. Real-time signals queue,
 * up to SIGPENDING_MAX (signal(7)).
 */
#include "sched/signal.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/task.h"

#define SIG_IGNORE_SET (SIG_BIT(SIGCHLD) | SIG_BIT(SIGCONT) | SIG_BIT(SIGURG) | SIG_BIT(SIGWINCH))
/* Taken before others: they say where the program stands. */
#define SIG_SYNCHRONOUS                                                                            \
    (SIG_BIT(SIGSEGV) | SIG_BIT(SIGBUS) | SIG_BIT(SIGILL) | SIG_BIT(SIGTRAP) | SIG_BIT(SIGFPE) |   \
     SIG_BIT(SIGSYS))

struct sigqueue {
    struct list_head link;
    struct siginfo info;
};

/* Takes out what is queued for the signals of `set`. process_lock is held. */
void sigpending_remove(struct sigpending *pending, uint64_t set)
{
    struct sigqueue *q, *next;

    pending->set &= ~set;
    list_for_each_entry_safe (q, next, &pending->queue, link) {
        if (set & SIG_BIT(q->info.signo)) {
            list_del(&q->link);
            pending->count--;
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

uint64_t signal_action(const struct process *process, int sig)
{
    return process->sighand ? process->sighand->action[sig - 1].handler : SIG_DFL;
}

bool signal_ignored(const struct process *process, int sig)
{
    uint64_t handler = signal_action(process, sig);

    return handler == SIG_IGN || (handler == SIG_DFL && signal_default_ignored(sig));
}

bool signal_fatal(const struct process *process, int sig)
{
    return sig == SIGKILL || (signal_action(process, sig) == SIG_DFL &&
                              !signal_default_ignored(sig) && !signal_default_stops(sig));
}

/* What the task could take now. */
static uint64_t signal_deliverable(const struct task *task)
{
    return (task->pending.set | task->process->shared_pending.set) & ~task->blocked;
}

/* Whether the task has to end or to stop, by what its process as a whole is doing. */
static bool signal_group_event(const struct task *task)
{
    const struct process *process = task->process;

    return process->exiting || process->stop_signal ||
           (process->exec_task && process->exec_task != task);
}

void signal_recalc(struct task *task)
{
    assert(spin_held(&process_lock));
    task->signal_wake = signal_deliverable(task) != 0 || signal_group_event(task);
}

void sigpending_add(struct sigpending *pending, int sig, const struct siginfo *info)
{
    struct sigqueue *q;

    if (sig < SIGRTMIN && pending->set & SIG_BIT(sig))
        return;
    pending->set |= SIG_BIT(sig);
    if (!info || pending->count >= SIGPENDING_MAX)
        return;
    q = kmalloc(sizeof(*q), ALLOC_ATOMIC);
    if (!q)
        return;
    q->info = *info;
    q->info.signo = sig;
    list_add_tail(&q->link, &pending->queue);
    pending->count++;
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
    fatal =
        task->process->exiting || (task->process->exec_task && task->process->exec_task != task);
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
        pending->count--;
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
        task->process->stop_taken |= signal_default_stops(sig);
        if (own->flags & SA_RESETHAND && own->handler > SIG_IGN)
            own->handler = SIG_DFL;
    }
    signal_recalc(task);
    spin_unlock_irqrestore(&process_lock, flags);
    return sig;
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
