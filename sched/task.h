/*
 * Tasks and processes. A task is what the scheduler runs: a thread of a process, or a kernel
 * thread. A process is what wait() and kill() see: tasks that share a pid, an address space and a
 * fate. Every task has a process; kernel threads share kernel_process.
 *
 *     process (pid, parent, group, session, times, exit status, pending signals for all)
 *       +-- task (tid, scheduling state, signal mask, pending signals of its own)
 *
 * What belongs to higher floors hangs here by pointers that only they follow: mm (floor 6), files
 * and fs (floor 7).
 *
 * Locks: process_lock (one spin lock, irqsave) guards the family tree, groups and sessions, the pid
 * table, thread lists and signal state of all processes: fields tagged (p). Order: process_lock,
 * then a wait queue's lock, then a run queue's.
 */
#pragma once

#include "arch/thread.h"
#include "kernel/spinlock.h"
#include "lib/list.h"
#include "lib/types.h"
#include "sched/signal.h"
#include "sched/task_state.h"
#include "sched/timer.h"
#include "sched/wait.h"

#define TASK_COMM_LEN 16 /* Linux's */
#define RLIMIT_COUNT  16 /* Linux's RLIM_NLIMITS */
#define GROUPS_MAX    32

struct mm;
struct fdtable;
struct fs_context;
struct file;
struct run_queue;

struct rlimit {
    uint64_t cur, max;
};

struct credentials {
    uid_t uid, euid, suid, fsuid;
    gid_t gid, egid, sgid, fsgid;
    unsigned group_count;
    gid_t groups[GROUPS_MAX];
};

struct usage {
    uint64_t user_ns, system_ns;
    uint64_t minor_faults, major_faults;
    uint64_t voluntary_switches, involuntary_switches;
    uint64_t max_rss_pages;
};

struct process {
    pid_t pid;                            /* (i) */
    pid_t pgid, sid;                      /* (p) */
    struct process *parent;               /* (p) NULL: init and kernel_process */
    struct list_head children, sibling;   /* (p) */
    struct list_head threads;             /* (p) struct task.thread_link */
    unsigned thread_count;                /* (p) tasks that have not exited */
    unsigned leaving;                     /* (p) of these, tasks that have begun to */
    struct task *leader;                  /* (p) the first task; NULL once it is reaped */
    struct list_head hash_link;           /* (p) pid table */
    struct list_head all_link;            /* (p) all processes, in order of pid's making */
    int exit_signal;                      /* (i) sent to the parent on exit; SIGCHLD or 0 */
    bool exiting;                         /* (p) exit_group has begun */
    bool zombie;                          /* (p) all threads are gone; waits to be reaped */
    bool execed;                          /* (p) has called execve since it was forked */
    struct task *exec_task;               /* (p) its thread that replaces the program: others end */
    int exit_status;                      /* (p) as wait4() gives it */
    int stop_signal;                      /* (p) stopped by this signal; 0: runs */
    bool stop_taken;                      /* (p) a task took a stop signal; no SIGCONT since then */
    bool stop_reported, continue_pending; /* (p) for WUNTRACED, WCONTINUED */
    struct wait_queue child_wait;         /* parents sleep here for their children */
    struct sigpending shared_pending;     /* (p) signals for the process as a whole */
    struct sighand *sighand;              /* (p) what each signal does; shared by CLONE_SIGHAND */
    struct credentials cred;              /* (t) changed by its own task only */
    struct rlimit rlimits[RLIMIT_COUNT];  /* (p) */
    struct usage usage;                   /* (p) of tasks that have exited */
    struct usage children_usage;          /* (p) of children that have been waited for */
    uint64_t start_ns;                    /* (i) */
    void *tty;                            /* (p) controlling terminal, fs/tty.c's; NULL: none */
};

struct task {
    struct thread thread;           /* first: tp points here */
    pid_t tid;                      /* (i) */
    struct process *process;        /* (i) */
    struct list_head thread_link;   /* (p) */
    struct list_head tid_hash_link; /* (p) */
    _Atomic uint32_t refs;          /* (a) */
    char comm[TASK_COMM_LEN];       /* (t) */

    /* Scheduling: guarded by the run queue's lock unless tagged. */
    _Atomic enum task_state state; /* (t) to sleep, run queue's lock to wake */
    struct run_queue *rq;          /* where it runs or will run */
    struct list_head rq_link;
    bool queued;
    bool numbers_process;      /* (i) its number is its process's, which frees it */
    bool kernel_thread;        /* (i) */
    _Atomic bool need_resched; /* (a) */
    uint64_t slice_end_ns;
    uint64_t accounted_ns;    /* (t) usage holds its running time up to here */
    bool ticked_in_user;      /* (t) where the last tick found it */
    struct usage usage;       /* (t) */
    vaddr_t stack_top;        /* (i) */
    struct timer sleep_timer; /* (t) */

    /* Signals: (p) unless tagged. */
    _Atomic bool signal_wake; /* (a) something pending may be deliverable */
    struct sigpending pending;
    uint64_t blocked;             /* changed by the task itself, under process_lock */
    uint64_t saved_blocked;       /* (t) for sigsuspend, ppoll */
    bool restore_blocked;         /* (t) */
    uint64_t awaited;             /* sigtimedwait() waits for these: kept even if ignored */
    uint64_t restart_deadline_ns; /* (t) of a timed wait that will be made again; 0: none */
    vaddr_t altstack_base;        /* (t) sigaltstack(2) */
    uint64_t altstack_size;       /* (t) 0: none */

    /* Other floors'. */
    struct mm *mm;                 /* (t) to read, (p) to change; NULL: kernel thread */
    struct fdtable *files;         /* (t) to read, (p) to change */
    struct fs_context *fs;         /* (t) to read, (p) to change */
    struct file *trace;            /* (t) where its system calls are told; NULL: nowhere */
    bool asks_as_real;             /* (t) access(2): file permissions are the real ids' */
    vaddr_t set_child_tid;         /* (t) where its tid goes before it first runs; 0: nowhere */
    vaddr_t clear_child_tid;       /* (t) */
    vaddr_t robust_list;           /* (t) */
    struct wait_queue *vfork_done; /* (p) woken when this child execs or exits */
    bool *vfork_flag;              /* (p) */
};

extern struct spinlock process_lock;
extern struct process kernel_process; /* pid 0 */

static inline struct task *current_task(void)
{
    return (struct task *)thread_current();
}

/*
 * A new task with one reference, a kernel stack, a tid and no process links yet: not findable, not
 * running. NULL when memory or pids are short.
 */
struct task *task_create(void);

/* A new kernel thread's task: like task_create(), but with no number and in kernel_process. */
struct task *task_create_kernel(void);

static inline void task_get(struct task *task)
{
    task->refs++;
}

/* The last one frees the structure. */
void task_put(struct task *task);

/* A new process whose first task is `leader` (pid = its tid). NULL when memory is short. */
struct process *process_create(struct task *leader);

/* Makes a process and its leader findable, as a child of parent. process_lock is held. */
void process_publish(struct process *process, struct process *parent);

/* Makes a further task of a process findable. process_lock is held. */
void task_publish(struct task *task);

/* Takes a task out of its process and the tables; process_lock is held. */
void task_unpublish(struct task *task);

/*
 * Makes the running task, the only one left of its process, the process's leader under the
 * process's number (execve by another thread than the first). process_lock is held.
 */
void task_become_leader(void);

/* Frees a process that is out of all tables. */
void process_free(struct process *process);

/* Takes a dead process out of the tables and the family tree; process_lock is held. */
void process_unpublish(struct process *process);

/* By number; process_lock is held. NULL if there is none. */
struct process *process_find(pid_t pid);
struct task *task_find(pid_t tid);

/* The published process with the smallest pid above `after`, or NULL; process_lock is held. */
struct process *process_next(pid_t after);

/* How many processes and tasks there are. */
unsigned process_count(void);

/* Makes the running context of a hart its idle task; called once on each hart. */
void task_init_idle(struct task *idle, struct hart *hart);

/* A new idle task for a hart that is to start, with a stack; the hart's emergency stack too. NULL
 * when memory is short. */
struct task *task_create_idle(struct hart *hart);

void task_init(void);
