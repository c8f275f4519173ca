/*
 * The table's other half: a wrapper for each handler that hands it its arguments, each converted
 * to its type, so that what a program leaves in the upper half of a register counts for nothing
 * where an int is meant.
 */
#include "syscall/dispatch.h"

#include "arch/thread.h"
#include "lib/errno.h"
#include "process/restart.h"
#include "syscall/prototypes.h"
#include "syscall/trace.h"

/* Where a number's entry is: Linux's numbers first, then the private ones. */
#define ENTRIES (SYSCALL_LINUX_END + SYSCALL_PRIVATE_END - SYSCALL_PRIVATE)
#define INDEX(number)                                                                              \
    ((number) < SYSCALL_PRIVATE ? (number) : (number)-SYSCALL_PRIVATE + SYSCALL_LINUX_END)

#define A(kind, n) (SYSCALL_T(kind)) args->a[n]
#define VALUES_0()
#define VALUES_1(k0)                 A(k0, 0)
#define VALUES_2(k0, k1)             VALUES_1(k0), A(k1, 1)
#define VALUES_3(k0, k1, k2)         VALUES_2(k0, k1), A(k2, 2)
#define VALUES_4(k0, k1, k2, k3)     VALUES_3(k0, k1, k2), A(k3, 3)
#define VALUES_5(k0, k1, k2, k3, k4) VALUES_4(k0, k1, k2, k3), A(k4, 4)
#define VALUES_6(...)                args

/* The number is part of the name because one handler may serve two numbers. */
#define WRAPPER(number, name, handler, restart, count, kinds)                                      \
    static int64_t call_##number(const struct syscall_args *args)                                  \
    {                                                                                              \
        (void)args;                                                                                \
        return sys_##handler(VALUES_##count kinds);                                                \
    }
SYSCALL_TABLE(WRAPPER)

#define KIND(kind) SYSCALL_KIND_##kind
#define KINDS_0()
#define KINDS_1(a)                KIND(a)
#define KINDS_2(a, b)             KINDS_1(a), KIND(b)
#define KINDS_3(a, b, c)          KINDS_2(a, b), KIND(c)
#define KINDS_4(a, b, c, d)       KINDS_3(a, b, c), KIND(d)
#define KINDS_5(a, b, c, d, e)    KINDS_4(a, b, c, d), KIND(e)
#define KINDS_6(a, b, c, d, e, f) KINDS_5(a, b, c, d, e), KIND(f)

#define ENTRY(number, text, handler, how, n, args)                                                 \
    [INDEX(number)] = {.name = #text,                                                              \
                       .call = call_##number,                                                      \
                       .restart = SYSCALL_##how,                                                   \
                       .count = n,                                                                 \
                       .kinds = {KINDS_##n args}},

static const struct syscall syscalls[ENTRIES] = {SYSCALL_TABLE(ENTRY)};

_Static_assert(offsetof(struct trap_frame, a5) - offsetof(struct trap_frame, a0) ==
                   sizeof(struct syscall_args) - sizeof(uint64_t),
               "a0 … a5 lie in a row");

static const struct syscall *syscall_find(uint64_t number)
{
    const struct syscall *call;

    if (number >= SYSCALL_PRIVATE)
        number = number - SYSCALL_PRIVATE + SYSCALL_LINUX_END;
    else if (number >= SYSCALL_LINUX_END)
        return NULL;
    if (number >= ENTRIES)
        return NULL;
    call = &syscalls[number];
    return call->call ? call : NULL;
}

/* What is left in a0 for a call that a signal interrupted. */
static int64_t interrupted(const struct syscall *call, int64_t result)
{
    if (result == -EINTR && call->restart == SYSCALL_RESTART)
        result = -ERESTARTSYS;
    else if (result == -EINTR && call->restart == SYSCALL_NOHAND)
        result = -ERESTARTNOHAND;
    if (result != -EINTR)
        current_task()->signal_wake = true; /* the code must not reach user space */
    return result;
}

void syscall_dispatch(struct trap_frame *frame)
{
    const struct syscall *call = syscall_find(frame->a7);
    const struct syscall_args *args = (const struct syscall_args *)&frame->a0;
    int64_t result = -ENOSYS;

    if (trace_wanted())
        result = trace_call(call, frame->a7, args);
    else if (call)
        result = call->call(args);
    if (result == -EINTR || (result <= -ERESTARTSYS && result >= -ERESTART_DEADLINE))
        result = interrupted(call, result);
    frame->a0 = (uint64_t)result;
}
