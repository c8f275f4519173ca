/* signals.c - what signals do when nobody handles them, masks, and who may be signalled. */
#include "tests/diff/cases.h"

#define LAST_SIGNAL 64

static int chosen;

/* Sends itself a signal with its default action; 0 if it lives on. */
static int die(void)
{
    signal(chosen, SIG_DFL);
    kill(getpid(), chosen);
    return 0;
}

CASE(default_actions)
{
    char what[20];

    for (chosen = 1; chosen <= LAST_SIGNAL; chosen++) {
        if (chosen == 32 || chosen == 33)
            continue; /* the C library's own */
        if (chosen == SIGSTOP || chosen == SIGTSTP || chosen == SIGTTIN || chosen == SIGTTOU)
            continue;
        snprintf(what, sizeof(what), "signal %d", chosen);
        say_child(what, die);
    }
}

CASE(stop_signals)
{
    static const int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    int status;

    for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
        pid_t pid;

        chosen = stops[i];
        pid = must_fork();
        if (pid == 0)
            _exit(die());
        say("wait", waitpid(pid, &status, WUNTRACED) == pid);
        say_status("child", status);
        kill(pid, SIGKILL);
        say_wait("killed", pid);
    }
}

static int fault_null(void)
{
    return *(volatile int *)0;
}

static int fault_write_text(void)
{
    *(volatile char *)(uintptr_t)fault_null = 1;
    return 0;
}

static int fault_kernel(void)
{
    return *(volatile int *)-4096L;
}

static int fault_execute(void)
{
    static char data[64];

    ((void (*)(void))(uintptr_t)data)();
    return 0;
}

static int fault_illegal(void)
{
    __asm__ volatile(".word 0");
    return 0;
}

static int fault_breakpoint(void)
{
    __asm__ volatile("ebreak");
    return 0;
}

static int fault_beyond_file(void)
{
    char *text = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, open("/d/hello", O_RDONLY), 0);

    return text[PAGE];
}

static int fault_abort(void)
{
    abort();
}

static int fault_stack(void)
{
    volatile char big[PAGE];

    big[0] = 1;
    return fault_stack() + big[0];
}

CASE(faults)
{
    say_child("null", fault_null);
    say_child("text", fault_write_text);
    say_child("kernel", fault_kernel);
    say_child("execute data", fault_execute);
    say_child("illegal", fault_illegal);
    say_child("breakpoint", fault_breakpoint);
    say_child("beyond the file", fault_beyond_file);
    say_child("abort", fault_abort);
}

CASE(stack_overflow)
{
    say_child("recursion", fault_stack);
}

CASE(division_by_zero)
{
    volatile long zero = 0, one = 1, least = INT64_MIN, minus = -1;
    long quotient, rest;

    __asm__ volatile("div %0, %1, %2" : "=r"(quotient) : "r"(one), "r"(zero));
    say("quotient is all ones", quotient == -1);
    __asm__ volatile("rem %0, %1, %2" : "=r"(rest) : "r"(least), "r"(minus));
    say("rest", rest);
}

CASE(kill_errors)
{
    say("nobody", kill(999999, SIGTERM));
    say("no group", kill(-999999, SIGTERM));
    say("number", kill(getpid(), 65));
    say("negative", kill(getpid(), -1));
    say("test", kill(getpid(), 0));
    say("action of kill", sigaction(SIGKILL, &(struct sigaction){.sa_handler = SIG_IGN}, NULL));
    say("action of stop", sigaction(SIGSTOP, &(struct sigaction){.sa_handler = SIG_IGN}, NULL));
    say("action of 65", sigaction(65, NULL, NULL));
}

CASE(ignored_signals)
{
    for (int number = 1; number < 32; number++)
        if (number != SIGKILL && number != SIGSTOP)
            signal(number, SIG_IGN);
    for (int number = 1; number < 32; number++)
        if (number != SIGKILL && number != SIGSTOP)
            kill(getpid(), number);
    say("alive", 1);
}

static int ignore_and_fault(void)
{
    signal(SIGSEGV, SIG_IGN);
    return fault_null();
}

CASE(a_fault_is_not_ignored)
{
    say_child("ignored", ignore_and_fault);
}

CASE(masked_signals_wait)
{
    sigset_t set, pending;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    say("block", sigprocmask(SIG_BLOCK, &set, NULL));
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR1);
    say("pending", sigpending(&pending));
    say("usr1", sigismember(&pending, SIGUSR1));
    say("term", sigismember(&pending, SIGTERM));
    say("how", sigprocmask(77, &set, NULL));
    signal(SIGUSR1, SIG_IGN);
    sigpending(&pending);
    say("ignored ones go", sigismember(&pending, SIGUSR1));
}

CASE(sigwait_takes)
{
    const struct timespec none = {0, 0};
    siginfo_t info;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGUSR2);
    say("take", sigtimedwait(&set, &info, &none));
    say("from me", info.si_pid == getpid());
    say("code", info.si_code);
    say("none", sigtimedwait(&set, &info, &none));
}

CASE(mask_is_inherited)
{
    sigset_t set;
    pid_t pid;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGTERM);
    pid = must_fork();
    if (pid == 0) {
        sigpending(&set);
        say("pending in the child", sigismember(&set, SIGTERM));
        raise(SIGTERM);
        _exit(4);
    }
    say_wait("child", pid);
}

CASE(group_kill)
{
    pid_t leader = must_fork(), other;

    if (leader == 0) {
        setpgid(0, 0);
        pause();
    }
    setpgid(leader, leader);
    other = must_fork();
    if (other == 0) {
        setpgid(0, leader);
        pause();
    }
    setpgid(other, leader);
    say("kill", kill(-leader, SIGHUP));
    say_wait("leader", leader);
    say_wait("other", other);
}
