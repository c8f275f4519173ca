#include "arch/riscv/entry/selftest.h"

#include "kernel/cmdline.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "lib/types.h"
#include "mm/alloc/kmalloc.h"

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
