/*
 * From the first C instruction to init, in the order in which each thing needs the one before:
 *
 *   boot_main     (boot stack, boot tables)  traps, firmware, device tree, harts, memory, the final
 *                 page tables, allocators, scheduler, interrupt controller and console
 *   start_thread  (a task: may sleep)        other harts, devices, file systems, init
 *
 * boot_main's own context becomes the first hart's idle task.
 */
#include "arch/address.h"
#include "arch/irq.h"
#include "arch/pte.h"
#include "arch/riscv/entry/boot.h"
#include "arch/riscv/entry/selftest.h"
#include "arch/riscv/entry/smp.h"
#include "arch/riscv/entry/trap.h"
#include "arch/riscv/sbi.h"
#include "arch/time.h"
#include "arch/tlb.h"
#include "drivers/machine.h"
#include "fs/root.h"
#include "kernel/cmdline.h"
#include "kernel/hart.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/version.h"
#include "lib/fdt.h"
#include "lib/parse.h"
#include "mm/alloc/kmalloc.h"
#include "mm/alloc/kmap.h"
#include "mm/alloc/memory_map.h"
#include "mm/alloc/slab.h"
#include "mm/mm.h"
#include "mm/page_cache.h"
#include "process/init.h"
#include "process/user_return.h"
#include "sched/kthread.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "syscall/trace.h"

#define FDT_SIZE_MAX (2 * MIB) /* Linux Documentation/riscv/boot.rst */

/* The linker's. */
extern char kernel_start[], kernel_end[];

static struct fdt fdt;
static struct memory_map memory_map;

static void init_tree(paddr_t fdt_phys)
{
    int chosen, error;

    if (fdt_phys == 0 || fdt_phys >= LINEAR_LIMIT)
        panic("no device tree: a1 = %#lx", fdt_phys);
    error = fdt_init(&fdt, phys_to_virt(fdt_phys), FDT_SIZE_MAX);
    if (error)
        panic("the device tree at %#lx is malformed (%d)", fdt_phys, error);
    chosen = fdt_find_node(&fdt, "/chosen");
    cmdline_init(chosen < 0 ? NULL : fdt_get_string(&fdt, chosen, "bootargs"));
}

/* Puts every bank into the boot code's linear map, by the gigabyte, until kmap_init(). */
static void map_banks_for_boot(void)
{
    uint64_t gigabyte = pt_level_size(2);

    for (size_t i = 0; i < memory_map.bank_count; i++) {
        paddr_t end = MIN(memory_map.bank[i].end, LINEAR_LIMIT);

        for (paddr_t pa = ALIGN_DOWN(memory_map.bank[i].start, gigabyte); pa < end; pa += gigabyte)
            boot_root[pt_index(LINEAR_BASE + pa, 2)] =
                pte_make(pa, PTE_V | PTE_R | PTE_W | PTE_A | PTE_D);
    }
    tlb_flush_local();
}

static void limit_memory(void)
{
    char text[32];
    uint64_t bytes;

    if (!cmdline_get("mem", text, sizeof(text)))
        return;
    if (parse_size(text, &bytes) == 0 && bytes > 0)
        memory_map_limit(&memory_map, bytes);
    else
        printk("mem=%s is not a size: ignored\n", text);
}

static void init_memory(paddr_t fdt_phys)
{
    int error = memory_map_init(&memory_map, &fdt);

    if (!error)
        error = memory_map_reserve(&memory_map, image_phys,
                                   image_phys + (uint64_t)(kernel_end - kernel_start));
    if (!error)
        error = memory_map_reserve(&memory_map, fdt_phys, fdt_phys + fdt.size);
    if (error)
        panic("the device tree names no usable memory (%d)", error);
    limit_memory();
    map_banks_for_boot();
    if (kmap_init(&memory_map) || buddy_init(&memory_map))
        panic("too little memory: no room for the kernel's own tables");
    slab_init();
    kmalloc_init();
    page_cache_init_all();
    mm_init();
    fs_init();
}

static void switch_mm(struct task *prev, struct task *next)
{
    mm_switch(prev->mm, next->mm);
}

static void init_scheduler(void)
{
    task_init();
    sched_init();
    sched_init_hart(&boot_idle);
    sched_set_switch_mm(switch_mm);
    thread_set_user_hook(process_new_user_thread);
    this_hart()->emergency_sp = kstack_alloc();
    smp_init_hooks();
}

static void start_thread(void *arg)
{
    (void)arg;
    smp_start_others();
    selftest_crash();
    machine_init(&fdt);
    fs_mount_root();
    trace_init();
    init_start();
}

void boot_main(uint64_t hartid, paddr_t fdt_phys)
{
    task_init_idle(&boot_idle, &harts[0]);
    panic_init();
    trap_set_handler(trap_dispatch);
    trap_init_hart();
    sbi_init();
    init_tree(fdt_phys);
    smp_init_harts(&fdt, hartid);
    init_memory(fdt_phys);
    init_scheduler();
    machine_init_early(&fdt);
    smp_init_this_hart();
    printk("Fathom %s on %s, %u harts, %lu MiB of memory\n", UTS_RELEASE, sbi_describe(),
           hart_count, page_total() >> (20 - PAGE_SHIFT));
    if (!kthread_create("start", start_thread, NULL))
        panic("too little memory for the first task");
    irq_enable();
    sched_idle();
}
