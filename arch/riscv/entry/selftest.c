#include "arch/riscv/entry/selftest.h"

#include "kernel/cmdline.h"
#include "kernel/hart.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "lib/types.h"
#include "mm/alloc/kmalloc.h"
#include "sched/mutex.h"
#include "sched/sched.h"

#define RET_INSN 0x00008067 /* jalr x0, 0(ra): unprivileged spec 2.5 */

extern char text_start[], rodata_start[];

/* Every level keeps a part of the stack in use, so the compiler cannot make a loop of it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"
static __attribute__((noinline)) unsigned recurse(unsigned depth)
{
    volatile unsigned char used[256];

    used[depth % sizeof(used)] = (unsigned char)depth;
    return recurse(depth + 1) + used[depth % sizeof(used)];
}
#pragma GCC diagnostic pop

static void crash_overflow(void)
{
    printk("%u\n", recurse(0));
}

static void crash_assert(void)
{
    volatile bool truth = false;

    assert(truth);
}

static void crash_write_text(void)
{
    *(volatile char *)text_start = 0;
}

static void crash_write_rodata(void)
{
    *(volatile char *)rodata_start = 0;
}

static void crash_run_data(void)
{
    uint32_t *code = kmalloc(sizeof(*code), 0);
    void (*run)(void);

    if (!code)
        return;
    *code = RET_INSN;
    __asm__ volatile("fence.i" ::: "memory");
    memcpy(&run, &code, sizeof(run));
    run();
}

static void crash_null(void)
{
    volatile vaddr_t nowhere = 8;

    *(volatile char *)nowhere = 0;
}

static void crash_user(void)
{
    volatile vaddr_t user = 0x10000;

    (void)*(volatile char *)user;
}

static void crash_panic(void)
{
    panic("planted");
}

#if defined(FATHOM_DEBUG)

static void crash_object_overflow(void)
{
    char *obj = kmalloc(100, 0);
    volatile char *end = obj + 100;

    if (obj)
        *end = 0;
    kmfree(obj);
}

/* Takes objects until the one that was written comes again. */
static void crash_use_after_free(void)
{
    uint64_t *obj = kmalloc(100, 0);

    kmfree(obj);
    *(volatile uint64_t *)(obj + 1) = 0;
    for (int i = 0; i < 1000; i++)
        (void)kmalloc(100, 0);
}

static void crash_page_after_free(void)
{
    struct page *page = page_alloc(0);

    page_put(page);
    *(volatile char *)page_address(page) = 0;
    (void)page_alloc(0);
}

static void crash_double_free(void)
{
    void *obj = kmalloc(100, 0), *volatile again = obj;

    kmfree(obj);
    kmfree(again);
}

static void crash_page_double_free(void)
{
    struct page *page = page_alloc(0);

    page_put(page);
    page_put(page);
}

static void crash_signed_overflow(void)
{
    volatile int n = INT32_MAX;

    printk("%d\n", n + 1);
}

static void crash_lock_inversion(void)
{
    static struct spinlock first = SPINLOCK_INIT("first"), second = SPINLOCK_INIT("second");

    spin_lock(&first);
    spin_lock(&second);
    spin_unlock(&second);
    spin_unlock(&first);
    spin_lock(&second);
    spin_lock(&first);
}

static void crash_mutex_inversion(void)
{
    static struct mutex first, second;

    mutex_init(&first);
    mutex_init(&second);
    mutex_lock(&first);
    mutex_lock(&second);
    mutex_unlock(&first);
    mutex_lock(&first);
}

/* As if a handler took a lock that is taken with interrupts on too. */
static void crash_interrupt_lock(void)
{
    static struct spinlock lock = SPINLOCK_INIT("both ways");
    uint64_t flags;

    spin_lock(&lock);
    spin_unlock(&lock);
    flags = irq_save();
    this_hart()->in_interrupt = true;
    spin_lock(&lock);
    spin_unlock(&lock);
    this_hart()->in_interrupt = false;
    irq_restore(flags);
}

static void crash_sleep_locked(void)
{
    static struct spinlock lock = SPINLOCK_INIT("held too long");

    spin_lock(&lock);
    sched_yield();
}

#endif

static const struct {
    const char *name;
    void (*crash)(void);
} crashes[] = {
    {"overflow", crash_overflow},
    {"assert", crash_assert},
    {"write-text", crash_write_text},
    {"write-rodata", crash_write_rodata},
    {"run-data", crash_run_data},
    {"null", crash_null},
    {"user", crash_user},
    {"panic", crash_panic},
#if defined(FATHOM_DEBUG)
    {"object-overflow", crash_object_overflow},
    {"use-after-free", crash_use_after_free},
    {"page-after-free", crash_page_after_free},
    {"double-free", crash_double_free},
    {"page-double-free", crash_page_double_free},
    {"signed-overflow", crash_signed_overflow},
    {"lock-inversion", crash_lock_inversion},
    {"mutex-inversion", crash_mutex_inversion},
    {"interrupt-lock", crash_interrupt_lock},
    {"sleep-locked", crash_sleep_locked},
#endif
};

void selftest_crash(void)
{
    char name[32];

    if (!cmdline_get("crash", name, sizeof(name)))
        return;
    for (size_t i = 0; i < ARRAY_SIZE(crashes); i++)
        if (strcmp(name, crashes[i].name) == 0)
            crashes[i].crash();
    panic("crash=%s was survived, or is not known", name);
}
