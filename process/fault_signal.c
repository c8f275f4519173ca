/*
 * Which signal and si_code: Linux, arch/riscv/kernel/traps.c and arch/riscv/mm/fault.c; for all but
 * page faults si_addr is the pc.
 */
#include "process/fault_signal.h"

#include "arch/riscv/csr.h"
#include "arch/thread.h"
#include "kernel/print.h"
#include "lib/errno.h"
#include "process/exit.h"
#include "process/notify.h"
#include "sched/signal_post.h"
#include "sched/task.h"

#define DESCRIPTION_MAX 160

struct exception {
    uint8_t sig, code;
    const char *what;
};

static const struct exception exceptions[] = {
    [EXC_INST_MISALIGNED] = {SIGBUS, BUS_ADRALN, "jump to a misaligned address"},
    [EXC_INST_ACCESS] = {SIGSEGV, SEGV_ACCERR, "fetch where there is no memory"},
    [EXC_ILLEGAL] = {SIGILL, ILL_ILLOPC, "illegal or privileged instruction"},
    [EXC_BREAKPOINT] = {SIGTRAP, TRAP_BRKPT, "breakpoint"},
    [EXC_LOAD_MISALIGNED] = {SIGBUS, BUS_ADRALN, "misaligned load"},
    [EXC_LOAD_ACCESS] = {SIGSEGV, SEGV_ACCERR, "load where there is no memory"},
    [EXC_STORE_MISALIGNED] = {SIGBUS, BUS_ADRALN, "misaligned store"},
    [EXC_STORE_ACCESS] = {SIGSEGV, SEGV_ACCERR, "store where there is no memory"},
};

static const struct exception unknown_exception = {SIGILL, ILL_ILLOPC, "unknown exception"};

static const char *signal_name(int sig)
{
    switch (sig) {
    case SIGSEGV:
        return "SIGSEGV";
    case SIGBUS:
        return "SIGBUS";
    case SIGTRAP:
        return "SIGTRAP";
    default:
        return "SIGILL";
    }
}

static const char *access_name(enum fault_access access)
{
    switch (access) {
    case FAULT_WRITE:
        return "store";
    case FAULT_EXEC:
        return "fetch";
    default:
        return "load";
    }
}

/* Whether the signal, forced on the running task, ends it: no handler can take it. */
static bool will_end(int sig)
{
    struct task *task = current_task();
    uint64_t flags = spin_lock_irqsave(&process_lock);
    bool handled = task->process->sighand->action[sig - 1].handler > SIG_IGN &&
                   !(task->blocked & SIG_BIT(sig));

    spin_unlock_irqrestore(&process_lock, flags);
    return !handled;
}

static void force(int sig, int code, vaddr_t addr)
{
    const struct siginfo info = {.signo = sig, .code = code, .addr = addr};

    signal_force(sig, &info);
}

static void report_fault(const struct trap_frame *frame, int sig, enum fault_access access,
                         enum fault_result result)
{
    const struct task *task = current_task();
    char there[DESCRIPTION_MAX];

    mm_describe(task->mm, frame->badaddr, there, sizeof(there));
    print_report("fathom: %s[%d]: %s: %s at %#lx, pc %#lx: %s%s\n", task->comm, task->process->pid,
                 signal_name(sig), access_name(access), frame->badaddr, frame->pc,
                 result == FAULT_BUS ? "no data in the file there: " : "", there);
}

void process_fault_signal(struct trap_frame *frame, enum fault_access access,
                          enum fault_result result)
{
    int sig = result == FAULT_BUS ? SIGBUS : SIGSEGV;
    int code = result == FAULT_BUS ? BUS_ADRERR : SEGV_MAPERR;

    if (result == FAULT_OK || result == FAULT_KILLED)
        return;
    if (result == FAULT_NO_MEMORY) {
        force(SIGKILL, SI_KERNEL, 0);
        return;
    }
    if (result == FAULT_NO_RIGHT)
        code = SEGV_ACCERR;
    if (will_end(sig))
        report_fault(frame, sig, access, result);
    force(sig, code, frame->badaddr);
}

void process_exception_signal(struct trap_frame *frame)
{
    const struct task *task = current_task();
    const struct exception *e = &unknown_exception;

    if (frame->cause < ARRAY_SIZE(exceptions))
        e = &exceptions[frame->cause];
    if (will_end(e->sig))
        print_report("fathom: %s[%d]: %s: %s, pc %#lx, value %#lx\n", task->comm,
                     task->process->pid, signal_name(e->sig), e->what, frame->pc, frame->badaddr);
    force(e->sig, e->code, frame->pc);
}
