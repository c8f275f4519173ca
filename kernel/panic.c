/*
 * Panic: the first hart that comes here prints; others that come, or are told to stop, wait for
 * ever. A panic within a panic goes straight to power-off.
 */
#include "kernel/panic.h"

#include <stdarg.h>

#include "arch/irq.h"
#include "arch/riscv/sbi.h"
#include "arch/thread.h"
#include "kernel/hart.h"
#include "kernel/lock_order.h"
#include "kernel/print.h"
#include "kernel/symbols.h"
#include "lib/assert.h"

#define BACKTRACE_MAX 32

static power_off_fn *power_off_hook;
static void (*stop_others_hook)(void);
static struct hart *panic_hart; /* (a) */

void panic_set_power_off(power_off_fn *fn)
{
    power_off_hook = fn;
}

void panic_set_stop_others(void (*fn)(void))
{
    stop_others_hook = fn;
}

bool panic_in_progress(void)
{
    return __atomic_load_n(&panic_hart, __ATOMIC_ACQUIRE) != NULL;
}

void power_off(int status)
{
    irq_disable();
    if (power_off_hook)
        power_off_hook(status);
    sbi_power_off(status != 0);
    for (;;)
        cpu_wait();
}

/*
 * `back` is 1 for a return address: the call before it may be the last instruction of its function,
 * so that the address itself belongs to the next.
 */
static void print_address(vaddr_t pc, unsigned back)
{
    uint64_t offset = 0;
    const char *name = symbol_find(pc - back, &offset);

    if (name)
        printk("  %016lx %s+%#lx\n", pc, name, offset + back);
    else
        printk("  %016lx\n", pc);
}

/* Stacks lie in slots of 32 KiB, each below its guard (mm/alloc/kmap.h). */
static uint64_t stack_slot(uint64_t sp)
{
    return (sp - 1) >> 15;
}

/*
 * Follows the frame pointers: RISC-V's convention keeps the return address at fp - 8 and the
 * caller's fp at fp - 16. Stops where the chain leaves the stack it began on.
 */
static void print_backtrace(uint64_t fp)
{
    uint64_t slot = stack_slot(fp);

    for (int i = 0; i < BACKTRACE_MAX && fp && fp % 8 == 0; i++) {
        const uint64_t *frame = (const uint64_t *)fp;

        if (stack_slot(fp) != slot || stack_slot(fp - 15) != slot)
            break;
        print_address(frame[-1], 1);
        fp = frame[-2];
    }
}

/* Lets one hart go on; the others wait here. */
static void panic_enter(void)
{
    struct hart *none = NULL, *self = this_hart();

    irq_disable();
    if (!__atomic_compare_exchange_n(&panic_hart, &none, self, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        if (none == self)
            power_off(PANIC_STATUS);
        for (;;)
            cpu_wait();
    }
    print_go_unlocked();
    if (stop_others_hook)
        stop_others_hook();
}

static void panic_head(const char *fmt, va_list ap)
{
    printk("\npanic: ");
    vprintk(fmt, ap);
    printk("\nhart %u (machine hart %lu)\n", this_hart()->index, this_hart()->hartid);
}

void panic(const char *fmt, ...)
{
    va_list ap;

    panic_enter();
    va_start(ap, fmt);
    panic_head(fmt, ap);
    va_end(ap);
    printk("backtrace:\n");
    print_backtrace((uint64_t)__builtin_frame_address(0));
    power_off(PANIC_STATUS);
}

static void print_frame(const struct trap_frame *frame)
{
    static const char *const name[] = {
        "pc", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
        "a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
        "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    };
    const uint64_t *reg = (const uint64_t *)frame;

    for (size_t i = 0; i < ARRAY_SIZE(name); i++)
        printk("%4s %016lx%s", name[i], reg[i], i % 4 == 3 ? "\n" : "");
    printk("status %016lx cause %016lx badaddr %016lx\n", frame->status, frame->cause,
           frame->badaddr);
}

void panic_frame(const struct trap_frame *frame, const char *fmt, ...)
{
    va_list ap;

    panic_enter();
    va_start(ap, fmt);
    panic_head(fmt, ap);
    va_end(ap);
    print_frame(frame);
    printk("backtrace:\n");
    print_address(frame->pc, 0);
    print_backtrace(frame->s0);
    power_off(PANIC_STATUS);
}

static __noreturn void panic_assert(const char *expr, const char *file, int line, const char *func)
{
    panic("assertion failed: %s (%s:%d, %s)", expr, file, line, func);
}

void panic_init(void)
{
    assert_set_hook(panic_assert);
#if defined(FATHOM_DEBUG)
    lock_order_set_report(panic);
#endif
}
