/* Handlers of faults: address and reason are told, the handler may mend and go on, and its own
 * stack helps. */
#include "check.h"

#include <setjmp.h>

static volatile siginfo_t told;
static sigjmp_buf back;
static char *volatile mended;

static void tell_and_jump(int number, siginfo_t *info, void *context)
{
    (void)context;
    told = *info;
    siglongjmp(back, number);
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

    CHECK_OK(sigaction(number, &action, NULL));
}

/* Touches the address; gives the signal, 0 if there was none. */
static int signal_of(void (*touch)(void *), void *address)
{
    int number = sigsetjmp(back, 1);

    if (number == 0)
        touch(address);
    return number;
}

static void reasons(void)
{
    char *page = REQUIRE((char *)mmap(NULL, PAGE, PROT_READ, ANON, -1, 0)), *file;
    int fd = REQUIRE(open(DATA "short", O_RDONLY));

    CHECK_EQ(signal_of(touch_store, page + 123), SIGSEGV);
    CHECK_EQ(told.si_code, SEGV_ACCERR);
    CHECK_EQ(told.si_addr, page + 123);
    CHECK_OK(munmap(page, PAGE));
    CHECK_EQ(signal_of(touch_load, page + 5), SIGSEGV);
    CHECK_EQ(told.si_code, SEGV_MAPERR);
    CHECK_EQ(told.si_addr, page + 5);
    file = REQUIRE((char *)mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
    CHECK_EQ(signal_of(touch_load, file + 3 * PAGE + 9), SIGBUS);
    CHECK_EQ(told.si_code, BUS_ADRERR);
    CHECK_EQ(told.si_addr, file + 3 * PAGE + 9);
    CHECK_EQ(signal_of(touch_load, file), 0);
}

#ifdef __riscv
static void undefined(void *unused)
{
    (void)unused;
    __asm__ volatile(".word 0");
}

static void breakpoint(void *unused)
{
    (void)unused;
    __asm__ volatile("ebreak");
}

static void instructions(void)
{
    CHECK_EQ(signal_of(undefined, NULL), SIGILL);
    CHECK_EQ(told.si_code, ILL_ILLOPC);
    CHECK((char *)told.si_addr >= (char *)undefined &&
          (char *)told.si_addr < (char *)undefined + 8);
    CHECK_EQ(signal_of(breakpoint, NULL), SIGTRAP);
    CHECK_EQ(told.si_code, TRAP_BRKPT);
}
#else
static void instructions(void)
{
}
#endif

static void mend(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    mended = (char *)((uintptr_t)info->si_addr & ~(PAGE - 1));
    if (mprotect(mended, PAGE, RW))
        _exit(77);
}

/* The store is made again after the handler, and works. */
static void mending(void)
{
    volatile char *area = REQUIRE((char *)mmap(NULL, 16 * PAGE, PROT_NONE, ANON, -1, 0));

    handle(SIGSEGV, mend, 0);
    for (int i = 0; i < 16; i++) {
        area[i * PAGE + 17] = i + 1;
        CHECK_EQ(mended, area + i * PAGE);
    }
    for (int i = 0; i < 16; i++)
        CHECK_EQ(area[i * PAGE + 17], i + 1);
}

static void fault_again(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    (void)context;
    touch_store(NULL);
}

static void fault_in_the_handler(void *unused)
{
    (void)unused;
    handle(SIGSEGV, fault_again, 0);
    touch_store(NULL);
}

static char *alternate;

static void overflow_seen(int number, siginfo_t *info, void *context)
{
    char local;

    (void)number;
    (void)info;
    (void)context;
    _exit(&local > alternate && &local < alternate + 65536 ? 21 : 22);
}

static __attribute__((noinline)) int recurse(volatile int depth)
{
    volatile char frame[512] = {depth};

    return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

/* A stack overflow can be handled, but only on another stack. */
static void overflow(void *flags)
{
    stack_t stack = {.ss_size = 65536};

    alternate = malloc(stack.ss_size);
    stack.ss_sp = alternate;
    CHECK_OK(sigaltstack(&stack, NULL));
    handle(SIGSEGV, overflow_seen, (int)(intptr_t)flags);
    recurse(0);
}

int main(void)
{
    handle(SIGSEGV, tell_and_jump, 0);
    handle(SIGBUS, tell_and_jump, 0);
    handle(SIGILL, tell_and_jump, 0);
    handle(SIGTRAP, tell_and_jump, 0);
    reasons();
    instructions();
    mending();
    CHECK_KILLED(child_run(fault_in_the_handler, NULL), SIGSEGV);
    CHECK_EXIT(child_run(overflow, (void *)SA_ONSTACK), 21);
    CHECK_KILLED(child_run(overflow, (void *)0), SIGSEGV);
    return check_end();
}
