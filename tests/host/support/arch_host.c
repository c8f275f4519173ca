/*
 * Doubles of the machine and of kernel/ for host tests; see host.h.
 *
 * A test is one thread, so a spin lock that is taken when it is taken already, or let go when it is
 * not, is an error that would hang or corrupt the kernel: the double asserts.
 */
#include "tests/host/support/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/address.h"
#include "arch/thread.h"
#include "arch/time.h"
#include "arch/uaccess.h"
#include "kernel/hart.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/errno.h"

#define WEAK __attribute__((weak))

#define ARENA_ALIGN (4 * MIB)
#define GARBAGE     0xa5

/* cmocka's; declared here because a program without cmocka may link this too. */
void mock_assert(int result, const char *expression, const char *file, int line) WEAK;

/* -- Assertions -------------------------------------------------------------------------------- */

__noreturn static void host_fail(const char *what, const char *file, int line)
{
    if (mock_assert)
        mock_assert(0, what, file, line);
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

static void host_assert_hook(const char *expr, const char *file, int line, const char *func)
{
    (void)func;
    host_fail(expr, file, line);
}

__attribute__((constructor)) static void host_start(void)
{
    assert_set_hook(host_assert_hook);
    host_hart_switch(0);
}

/* -- Memory ------------------------------------------------------------------------------------ */

char *host_memory;
static void *arena;
static size_t arena_bytes;

void host_memory_init(size_t bytes)
{
    if (arena)
        munmap(arena, arena_bytes);
    arena_bytes = bytes + ARENA_ALIGN;
    arena = mmap(NULL, arena_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (arena == MAP_FAILED)
        host_fail("no memory for the arena", __FILE__, __LINE__);
    host_memory = (char *)ALIGN_UP((uintptr_t)arena, ARENA_ALIGN);
    memset(host_memory, GARBAGE, bytes);
    host_hart_switch(0);
}

/* -- Harts and locks --------------------------------------------------------------------------- */

WEAK struct hart harts[MAX_HARTS];
WEAK unsigned hart_count = HOST_HARTS;
WEAK struct thread *host_thread;

void host_hart_switch(unsigned index)
{
    static struct thread threads[HOST_HARTS];

    assert(index < HOST_HARTS);
    harts[index].index = index;
    harts[index].online = true;
    threads[index].hart = &harts[index];
    host_thread = &threads[index];
}

WEAK uint64_t hart_online_mask(void)
{
    return BIT(hart_count) - 1;
}

WEAK void spin_init(struct spinlock *lock, const char *name)
{
    *lock = (struct spinlock)SPINLOCK_INIT(name);
}

WEAK bool spin_trylock(struct spinlock *lock)
{
    if (lock->locked)
        return false;
    lock->locked = 1;
    lock->holder = this_hart();
    return true;
}

WEAK void spin_lock(struct spinlock *lock)
{
    bool taken = spin_trylock(lock);

    assert(taken);
}

WEAK void spin_unlock(struct spinlock *lock)
{
    assert(spin_held(lock));
    lock->holder = NULL;
    lock->locked = 0;
}

WEAK bool spin_held(struct spinlock *lock)
{
    return lock->locked && lock->holder == this_hart();
}

/* -- Printing and the end ---------------------------------------------------------------------- */

char host_log[8192];

void host_log_clear(void)
{
    host_log[0] = '\0';
}

WEAK void vprintk(const char *fmt, va_list ap)
{
    size_t used = strlen(host_log);

    vsnprintf(host_log + used, sizeof(host_log) - used, fmt, ap);
}

WEAK void printk(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintk(fmt, ap);
    va_end(ap);
}

WEAK void print_report(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintk(fmt, ap);
    va_end(ap);
}

WEAK void panic(const char *fmt, ...)
{
    static char text[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    host_fail(text, __FILE__, __LINE__);
}

WEAK bool panic_in_progress(void)
{
    return false;
}

/* -- User access and time ---------------------------------------------------------------------- */

WEAK uint64_t host_time_ns;
WEAK vaddr_t host_fault_start, host_fault_end;

/* How many of n bytes at va come before the first that faults. */
static size_t reachable(vaddr_t va, size_t n)
{
    if (va >= host_fault_end || host_fault_start >= host_fault_end)
        return n;
    if (va >= host_fault_start)
        return 0;
    return MIN(n, host_fault_start - va);
}

WEAK size_t copy_from_user(void *dst, vaddr_t src, size_t n)
{
    size_t can = reachable(src, n);

    memcpy(dst, (const void *)src, can);
    return n - can;
}

WEAK size_t copy_to_user(vaddr_t dst, const void *src, size_t n)
{
    size_t can = reachable(dst, n);

    memcpy((void *)dst, src, can);
    return n - can;
}

WEAK size_t clear_user(vaddr_t dst, size_t n)
{
    size_t can = reachable(dst, n);

    memset((void *)dst, 0, can);
    return n - can;
}

WEAK ssize_t strncpy_from_user(char *dst, vaddr_t src, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (copy_from_user(&dst[i], src + i, 1))
            return -EFAULT;
        if (dst[i] == '\0')
            return (ssize_t)i;
    }
    return (ssize_t)size;
}
