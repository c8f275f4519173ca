/*
 * The numbers of a process, in the formats of proc(5) (Linux 6.12, fs/proc/array.c and task_mmu.c,
 * for the order and width of what that page leaves open).
 *
 * What this kernel does not count (swap, locked pages, capabilities, seccomp) is printed as it
 * would be on a Linux that does not use it.
 */
#include "fs/procfs_status.h"

#include "fs/fdtable.h"
#include "fs/fs_context.h"
#include "fs/process_view.h"
#include "kernel/hart.h"
#include "lib/errno.h"
#include "lib/time_units.h"
#include "mm/mm.h"

#define SIGNALS_OLD       0x7fffffffUL /* stat's signal fields hold the first 31 only */
#define PRIORITY          20           /* nice 0 */
#define FDSIZE_UNIT       64           /* Linux's tables grow by this */
#define CAP_LAST          40           /* CAP_CHECKPOINT_RESTORE: capabilities(7) */
#define CAP_ALL           ((1UL << (CAP_LAST + 1)) - 1)
#define RLIMIT_RSS        5 /* getrlimit(2)'s numbers */
#define RLIMIT_SIGPENDING 11
#define KIB_PER_PAGE      (PAGE_SIZE / KIB)

/* What status and stat say of an address space, in pages unless an address. */
struct mm_numbers {
    uint64_t total, rss_anon, rss_file, peak_rss, tables;
    uint64_t data, stack, code, library;
    vaddr_t code_start, code_end;
};

/* mm->lock is held. The first executable mapping is the program's own, the others libraries'. */
static void numbers_add_vma(struct mm_numbers *numbers, const struct vma *vma)
{
    uint64_t pages = (vma->end - vma->start) >> PAGE_SHIFT;

    if (vma->flags & (VMA_STACK | VMA_GROWSDOWN)) {
        numbers->stack += pages;
    } else if ((vma->flags & VMA_WRITE) && !(vma->flags & VMA_SHARED)) {
        numbers->data += pages;
    } else if ((vma->flags & VMA_EXEC) && !numbers->code) {
        numbers->code = pages;
        numbers->code_start = vma->start;
        numbers->code_end = vma->end;
    } else if (vma->flags & VMA_EXEC) {
        numbers->library += pages;
    }
}

/* All zero without an address space. */
static void numbers_get(struct mm_numbers *numbers, struct mm *mm)
{
    *numbers = (struct mm_numbers){0};
    if (!mm)
        return;
    rw_lock_read(&mm->lock);
    for (struct vma *vma = vma_first(&mm->vmas); vma; vma = vma_next(vma))
        numbers_add_vma(numbers, vma);
    numbers->total = mm->total_pages;
    rw_unlock_read(&mm->lock);
    numbers->rss_anon = mm->rss_anon;
    numbers->rss_file = mm->rss_file;
    numbers->peak_rss = MAX(mm->peak_rss, numbers->rss_anon + numbers->rss_file);
    numbers->tables = mm->table_pages;
}

/* Fields 1 to 21: who it is, faults and times. */
static void stat_identity(struct seq *seq, const struct process_view *view)
{
    seq_printf(seq, "%d (%s) %c %d %d %d %lu %d 0 %lu %lu %lu %lu %lu %lu %lu %lu %d 0 %u 0",
               view->pid, view->comm, view->state, view->ppid, view->pgid, view->sid, view->tty,
               view->tty_foreground, view->usage.minor_faults, view->children.minor_faults,
               view->usage.major_faults, view->children.major_faults,
               view->usage.user_ns / NSEC_PER_TICK, view->usage.system_ns / NSEC_PER_TICK,
               view->children.user_ns / NSEC_PER_TICK, view->children.system_ns / NSEC_PER_TICK,
               PRIORITY, view->threads);
}

/* Fields 22 to 30: its start, and memory. */
static void stat_memory(struct seq *seq, const struct process_view *view,
                        const struct mm_numbers *numbers)
{
    seq_printf(seq, " %lu %lu %lu %lu %lu %lu %lu 0 0", view->start_ns / NSEC_PER_TICK,
               numbers->total << PAGE_SHIFT, numbers->rss_anon + numbers->rss_file,
               view->rlimits[RLIMIT_RSS].cur, numbers->code_start, numbers->code_end,
               view->mm ? view->mm->stack_start : 0);
}

/* Fields 31 to 52: signals, then where it runs, its break and its arguments. */
static void stat_rest(struct seq *seq, const struct process_view *view)
{
    const struct mm *mm = view->mm;

    seq_printf(seq, " %lu %lu %lu %lu 0 0 0 %d %u 0 0 0 0 0",
               (view->pending | view->shared_pending) & SIGNALS_OLD, view->blocked & SIGNALS_OLD,
               view->ignored & SIGNALS_OLD, view->caught & SIGNALS_OLD, view->exit_signal,
               view->hart);
    seq_printf(seq, " 0 0 %lu %lu %lu %lu %lu %d\n", mm ? mm->brk_start : 0, mm ? mm->arg_start : 0,
               mm ? mm->arg_end : 0, mm ? mm->env_start : 0, mm ? mm->env_end : 0,
               view->exit_status);
}

/* The process and the numbers of its memory: 0, and process_view_put() is due, or -errno. */
static int numbers_get_pid(struct mm_numbers *numbers, struct process_view *view, pid_t pid)
{
    int error = process_view_get(pid, view);

    if (!error)
        numbers_get(numbers, view->mm);
    return error;
}

int proc_show_stat(struct seq *seq, pid_t pid)
{
    struct mm_numbers numbers;
    struct process_view view;
    int error = numbers_get_pid(&numbers, &view, pid);

    if (error)
        return error;
    stat_identity(seq, &view);
    stat_memory(seq, &view, &numbers);
    stat_rest(seq, &view);
    process_view_put(&view);
    return 0;
}

int proc_show_statm(struct seq *seq, pid_t pid)
{
    struct mm_numbers numbers;
    struct process_view view;
    int error = numbers_get_pid(&numbers, &view, pid);

    if (error)
        return error;
    process_view_put(&view);
    seq_printf(seq, "%lu %lu %lu %lu 0 %lu 0\n", numbers.total, numbers.rss_anon + numbers.rss_file,
               numbers.rss_file, numbers.code, numbers.data + numbers.stack);
    return 0;
}

static const char *state_name(char state)
{
    switch (state) {
    case 'R':
        return "R (running)";
    case 'S':
        return "S (sleeping)";
    case 'D':
        return "D (disk sleep)";
    case 'T':
        return "T (stopped)";
    case 'Z':
        return "Z (zombie)";
    default:
        return "X (dead)";
    }
}

static mode_t view_umask(const struct process_view *view)
{
    mode_t umask;

    if (!view->fs)
        return 0;
    spin_lock(&view->fs->lock);
    umask = view->fs->umask;
    spin_unlock(&view->fs->lock);
    return umask;
}

/* Room in the table of descriptors: enough for the highest, rounded as Linux rounds. */
static int view_fd_size(const struct process_view *view)
{
    int highest = -1, fd;

    if (!view->files)
        return 0;
    for (fd = fd_next(view->files, 0); fd >= 0; fd = fd_next(view->files, fd + 1))
        highest = fd;
    return ALIGN_UP(highest + 1, FDSIZE_UNIT);
}

static void status_identity(struct seq *seq, const struct process_view *view)
{
    const struct credentials *cred = &view->cred;

    seq_printf(seq, "Name:\t%s\nUmask:\t%04o\nState:\t%s\n", view->comm, view_umask(view),
               state_name(view->state));
    seq_printf(seq, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", view->pid,
               view->pid, view->ppid);
    seq_printf(seq, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", cred->uid, cred->euid,
               cred->suid, cred->fsuid, cred->gid, cred->egid, cred->sgid, cred->fsgid);
    seq_printf(seq, "FDSize:\t%d\nGroups:\t", view_fd_size(view));
    for (unsigned i = 0; i < cred->group_count; i++)
        seq_printf(seq, "%u ", cred->groups[i]);
    seq_printf(seq, "\nNStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\nKthread:\t0\n", view->pid,
               view->pid, view->pgid, view->sid);
}

static void status_size(struct seq *seq, const char *name, uint64_t pages)
{
    seq_printf(seq, "%s:\t%8lu kB\n", name, pages * KIB_PER_PAGE);
}

static void status_memory(struct seq *seq, struct mm *mm)
{
    struct mm_numbers numbers;

    numbers_get(&numbers, mm);
    status_size(seq, "VmPeak", numbers.total);
    status_size(seq, "VmSize", numbers.total);
    status_size(seq, "VmLck", 0);
    status_size(seq, "VmPin", 0);
    status_size(seq, "VmHWM", numbers.peak_rss);
    status_size(seq, "VmRSS", numbers.rss_anon + numbers.rss_file);
    status_size(seq, "RssAnon", numbers.rss_anon);
    status_size(seq, "RssFile", numbers.rss_file);
    status_size(seq, "RssShmem", 0);
    status_size(seq, "VmData", numbers.data);
    status_size(seq, "VmStk", numbers.stack);
    status_size(seq, "VmExe", numbers.code);
    status_size(seq, "VmLib", numbers.library);
    status_size(seq, "VmPTE", numbers.tables);
    status_size(seq, "VmSwap", 0);
    seq_puts(seq, "CoreDumping:\t0\nTHP_enabled:\t0\n");
}

static void status_signals(struct seq *seq, const struct process_view *view)
{
    uint64_t caps = view->cred.euid == 0 ? CAP_ALL : 0;

    seq_printf(seq, "Threads:\t%u\nSigQ:\t0/%lu\n", view->threads,
               view->rlimits[RLIMIT_SIGPENDING].cur);
    seq_printf(seq, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n", view->pending,
               view->shared_pending, view->blocked);
    seq_printf(seq, "SigIgn:\t%016lx\nSigCgt:\t%016lx\n", view->ignored, view->caught);
    seq_printf(seq, "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\nCapBnd:\t%016lx\n", 0UL,
               caps, caps, CAP_ALL);
    seq_printf(seq, "CapAmb:\t%016lx\nNoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n", 0UL);
}

static void status_harts(struct seq *seq)
{
    seq_printf(seq, "Cpus_allowed:\t%lx\n", hart_online_mask());
    if (hart_count > 1)
        seq_printf(seq, "Cpus_allowed_list:\t0-%u\n", hart_count - 1);
    else
        seq_puts(seq, "Cpus_allowed_list:\t0\n");
    seq_puts(seq, "Mems_allowed:\t1\nMems_allowed_list:\t0\n");
}

int proc_show_status(struct seq *seq, pid_t pid)
{
    struct process_view view;
    int error = process_view_get(pid, &view);

    if (error)
        return error;
    status_identity(seq, &view);
    if (view.mm)
        status_memory(seq, view.mm);
    status_signals(seq, &view);
    status_harts(seq);
    seq_printf(seq, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
               view.usage.voluntary_switches, view.usage.involuntary_switches);
    process_view_put(&view);
    return 0;
}

static void limit_value(struct seq *seq, uint64_t value)
{
    if (value == UINT64_MAX)
        seq_printf(seq, "%-20s ", "unlimited");
    else
        seq_printf(seq, "%-20lu ", value);
}

int proc_show_limits(struct seq *seq, pid_t pid)
{
    /* In order of their numbers: getrlimit(2). */
    static const char *const names[RLIMIT_COUNT][2] = {
        {"Max cpu time", "seconds"},     {"Max file size", "bytes"},
        {"Max data size", "bytes"},      {"Max stack size", "bytes"},
        {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
        {"Max processes", "processes"},  {"Max open files", "files"},
        {"Max locked memory", "bytes"},  {"Max address space", "bytes"},
        {"Max file locks", "locks"},     {"Max pending signals", "signals"},
        {"Max msgqueue size", "bytes"},  {"Max nice priority", ""},
        {"Max realtime priority", ""},   {"Max realtime timeout", "us"},
    };
    struct process_view view;
    int error = process_view_get(pid, &view);

    if (error)
        return error;
    process_view_put(&view);
    seq_printf(seq, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for (size_t i = 0; i < RLIMIT_COUNT; i++) {
        seq_printf(seq, "%-25s ", names[i][0]);
        limit_value(seq, view.rlimits[i].cur);
        limit_value(seq, view.rlimits[i].max);
        seq_printf(seq, "%-10s\n", names[i][1]);
    }
    return 0;
}
