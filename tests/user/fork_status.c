/* What wait says of an end: every exit code, the signals that end a process, faults of each kind.
 */
#include "check.h"

static void exit_with(void *code)
{
    _exit((int)(intptr_t)code);
}

static void signal_self(void *number)
{
    kill(getpid(), (int)(intptr_t)number);
    for (;;)
        milliseconds_sleep(1000);
}

static void thread_signal_self(void *number)
{
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), (int)(intptr_t)number);
    for (;;)
        milliseconds_sleep(1000);
}

static void abort_self(void *unused)
{
    (void)unused;
    abort();
}

static void load_null(void *unused)
{
    char *volatile null = unused;

    (void)*(volatile char *)null;
}

static void load_kernel(void *address)
{
    touch_load(address);
}

#ifdef __riscv
static void breakpoint(void *unused)
{
    (void)unused;
    __asm__ volatile("ebreak");
}

static void privileged(void *unused)
{
    (void)unused;
    __asm__ volatile("csrr t0, sstatus" ::: "t0");
}

static void undefined(void *unused)
{
    (void)unused;
    __asm__ volatile(".word 0");
}

static void supervisor_return(void *unused)
{
    (void)unused;
    __asm__ volatile("sret");
}

static void wait_for_interrupt(void *unused)
{
    (void)unused;
    __asm__ volatile("csrw sscratch, zero");
}

static void jump_null(void *target)
{
    ((void (*)(void))target)();
}

static void riscv_faults(void)
{
    CHECK_KILLED(child_run(breakpoint, NULL), SIGTRAP);
    CHECK_KILLED(child_run(privileged, NULL), SIGILL);
    CHECK_KILLED(child_run(undefined, NULL), SIGILL);
    CHECK_KILLED(child_run(supervisor_return, NULL), SIGILL);
    CHECK_KILLED(child_run(wait_for_interrupt, NULL), SIGILL);
    CHECK_KILLED(child_run(jump_null, NULL), SIGSEGV);
    CHECK_KILLED(child_run(jump_null, (void *)0xffffffff80200000), SIGSEGV);
    CHECK_KILLED(child_run(touch_load, (void *)(1UL << 38)), SIGSEGV);
    CHECK_KILLED(child_run(touch_store, (void *)(1UL << 40)), SIGSEGV);
}
#else
static void riscv_faults(void)
{
}
#endif

static void signals_that_end(void)
{
    const int numbers[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGILL,   SIGTRAP, SIGABRT,
                           SIGBUS,  SIGFPE,  SIGKILL,   SIGUSR1,  SIGSEGV, SIGUSR2,
                           SIGPIPE, SIGALRM, SIGTERM,   SIGXCPU,  SIGXFSZ, SIGVTALRM,
                           SIGPROF, SIGIO,   SIGSTKFLT, SIGRTMIN, SIGSYS,  SIGRTMAX};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        CHECK_KILLED(child_run(signal_self, (void *)(intptr_t)numbers[i]), numbers[i]);
        CHECK_KILLED(child_run(thread_signal_self, (void *)(intptr_t)numbers[i]), numbers[i]);
    }
}

int main(void)
{
    static const int codes[] = {0, 1, 2, 42, 127, 128, 137, 255, 256, 257, -1};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        CHECK_EXIT(child_run(exit_with, (void *)(intptr_t)codes[i]), codes[i] & 0xff);
    signals_that_end();
    CHECK_KILLED(child_run(abort_self, NULL), SIGABRT);
    CHECK_KILLED(child_run(load_null, NULL), SIGSEGV);
    CHECK_KILLED(child_run(touch_store, (void *)8), SIGSEGV);
    CHECK_KILLED(child_run(load_kernel, KERNEL_ADDRESS), SIGSEGV);
    CHECK_KILLED(child_run(touch_store, KERNEL_ADDRESS), SIGSEGV);
    riscv_faults();
    return check_end();
}
