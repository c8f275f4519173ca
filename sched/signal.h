/*
 * Signals as a state: which are pending, which are blocked, what each does, and which comes next.
 * Posting them is sched/signal_post.h; what one does to a program on its way back to user mode is
 * process/signal_deliver.h.
 *
 * Numbers and structures: Linux, include/uapi/asm-generic/signal.h and siginfo.h (signal(7)).
 */
#pragma once

#include "kernel/spinlock.h"
#include "lib/list.h"
#include "lib/types.h"

#define SIGHUP    1
#define SIGINT    2
#define SIGQUIT   3
#define SIGILL    4
#define SIGTRAP   5
#define SIGABRT   6
#define SIGBUS    7
#define SIGFPE    8
#define SIGKILL   9
#define SIGUSR1   10
#define SIGSEGV   11
#define SIGUSR2   12
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGSTKFLT 16
#define SIGCHLD   17
#define SIGCONT   18
#define SIGSTOP   19
#define SIGTSTP   20
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGURG    23
#define SIGXCPU   24
#define SIGXFSZ   25
#define SIGVTALRM 26
#define SIGPROF   27
#define SIGWINCH  28
#define SIGIO     29
#define SIGPWR    30
#define SIGSYS    31
#define NSIG      64
#define SIGRTMIN  32

#define SIG_DFL 0UL
#define SIG_IGN 1UL

#define SA_NOCLDSTOP 0x00000001UL
#define SA_NOCLDWAIT 0x00000002UL
#define SA_SIGINFO   0x00000004UL
#define SA_ONSTACK   0x08000000UL
#define SA_RESTART   0x10000000UL
#define SA_NODEFER   0x40000000UL
#define SA_RESETHAND 0x80000000UL

/* si_code values (sigaction(2)). */
#define SI_USER       0
#define SI_KERNEL     0x80
#define SI_QUEUE      -1
#define SI_TKILL      -6
#define ILL_ILLOPC    1
#define SEGV_MAPERR   1
#define SEGV_ACCERR   2
#define BUS_ADRALN    1
#define BUS_ADRERR    2
#define TRAP_BRKPT    1
#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_STOPPED   5
#define CLD_CONTINUED 6

#define SIG_BIT(sig) (1UL << ((sig)-1))
/* What no mask holds back and no handler takes. */
#define SIG_UNBLOCKABLE (SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP))
#define SIG_STOP_SET    (SIG_BIT(SIGSTOP) | SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) | SIG_BIT(SIGTTOU))

struct task;
struct process;

/* Linux's struct sigaction for riscv64, as rt_sigaction(2) takes it. */
struct k_sigaction {
    uint64_t handler;
    uint64_t flags;
    uint64_t mask;
};

/* What the kernel keeps of a siginfo_t. */
struct siginfo {
    int signo, code, error;
    pid_t pid;
    uid_t uid;
    int status;
    uint64_t addr; /* si_addr, or si_value */
    uint64_t utime, stime;
};

struct sighand {
    _Atomic uint32_t refs;
    struct k_sigaction action[NSIG]; /* (p) index: number - 1 */
};

/* Occurrences that one set queues; a program must not fill the memory with them. Linux's limit, of
 * a user, is RLIMIT_SIGPENDING: 1,000 on a small machine. */
#define SIGPENDING_MAX 1024

struct sigpending {
    uint64_t set;           /* (p) */
    unsigned count;         /* (p) entries of queue */
    struct list_head queue; /* (p) struct sigqueue: information of those that have some */
};

static inline void sigpending_init(struct sigpending *pending)
{
    pending->set = 0;
    pending->count = 0;
    list_init(&pending->queue);
}

void sigpending_clear(struct sigpending *pending); /* process_lock held */

/* A fresh table (all default), or a copy; NULL when memory is short. */
struct sighand *sighand_create(const struct sighand *from);
void sighand_put(struct sighand *sighand);

/* Whether the running task has a deliverable signal, or a fatal one. Cheap. */
bool signal_pending(void);
bool signal_fatal_pending(void);

/*
 * Takes the next deliverable signal of the running task out of its sets: its number with *info and
 * *action filled, or 0. process_lock is taken.
 */
int signal_dequeue(struct siginfo *info, struct k_sigaction *action);

/*
 * The same for the signals of `set`, blocked or not, without looking at what they do
 * (sigtimedwait). process_lock is held; the caller calls signal_recalc() afterwards.
 */
int signal_dequeue_set(uint64_t set, struct siginfo *info);

/* A signal's action has changed: if it is now ignored, what is pending of it is dropped (POSIX,
 * sigaction). process_lock is held. */
void signal_discard_ignored(struct process *process, int sig);

/* Looks again at whether the task has something deliverable; process_lock held. */
void signal_recalc(struct task *task);

/* The handler of this signal: SIG_DFL, SIG_IGN or an address; process_lock is held. */
uint64_t signal_action(const struct process *process, int sig);

/* What becomes of a signal that is posted to this process now; process_lock is held. */
bool signal_ignored(const struct process *process, int sig);
bool signal_fatal(const struct process *process, int sig);

/* Adds an occurrence to a set, with what came with it (info may be NULL); process_lock is held. One
 * of a standard signal that is pending already is dropped; what comes with it is, when memory is
 * short or the set is full. */
void sigpending_add(struct sigpending *pending, int sig, const struct siginfo *info);

/* Takes the signals of `set` out, with all that came with them; process_lock is held. */
void sigpending_remove(struct sigpending *pending, uint64_t set);

/* Whether the signal's default action is to ignore it, or to stop, or to continue. */
bool signal_default_ignored(int sig);
bool signal_default_stops(int sig);
