#include "arch/riscv/entry/smp.h"

#include "arch/address.h"
#include "arch/irq.h"
#include "arch/riscv/csr.h"
#include "arch/riscv/entry/boot.h"
#include "arch/riscv/sbi.h"
#include "arch/time.h"
#include "arch/tlb.h"
#include "drivers/irq_chip.h"
#include "kernel/hart.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "lib/string.h"
#include "mm/alloc/kmap.h"
#include "sched/sched.h"
#include "sched/task.h"

#define HART_START_TIMEOUT_NS 5000000000UL

static _Atomic uint64_t stopping; /* (a) harts told to stop for a panic; all bits or none */

static bool isa_has(const char *isa, const char *extension)
{
    size_t len = strlen(extension);

    for (const char *s = isa; (s = strchr(s, '_')); s++)
        if (strncmp(s + 1, extension, len) == 0 && (s[1 + len] == '_' || s[1 + len] == '\0'))
            return true;
    return false;
}

/* Whether the node is a hart that can run this kernel: enabled, with an MMU of Sv39 or more. */
static bool cpu_usable(const struct fdt *fdt, int node)
{
    const char *type = fdt_get_string(fdt, node, "device_type");
    const char *mmu = fdt_get_string(fdt, node, "mmu-type");

    return type && strcmp(type, "cpu") == 0 && fdt_is_enabled(fdt, node) && mmu &&
           strncmp(mmu, "riscv,sv", 8) == 0;
}

static void hart_add(uint64_t hartid)
{
    struct hart *hart = &harts[hart_count];

    hart->index = hart_count++;
    hart->hartid = hartid;
    sbi_set_hart(hart->index, hartid);
}

void smp_init_harts(const struct fdt *fdt, uint64_t hartid)
{
    int cpus = fdt_find_node(fdt, "/cpus");
    uint32_t hz = 0;
    bool sstc = true;

    hart_add(hartid);
    if (cpus >= 0)
        fdt_get_u32(fdt, cpus, "timebase-frequency", &hz);
    for (int node = cpus < 0 ? cpus : fdt_first_child(fdt, cpus); node >= 0;
         node = fdt_next_sibling(fdt, node)) {
        uint64_t id, size;
        const char *isa = fdt_get_string(fdt, node, "riscv,isa");

        if (!cpu_usable(fdt, node) || fdt_get_reg(fdt, node, 0, &id, &size) < 0)
            continue;
        if (hz == 0)
            fdt_get_u32(fdt, node, "timebase-frequency", &hz);
        sstc = sstc && isa && isa_has(isa, "sstc");
        if (id != hartid && hart_count < MAX_HARTS)
            hart_add(id);
    }
    if (hz == 0)
        panic("the device tree has no timebase-frequency");
    time_init(hz, sstc);
}

void smp_init_this_hart(void)
{
    trap_init_hart();
    irq_init_hart();
    csr_write(scounteren, SCOUNTEREN_CY | SCOUNTEREN_TM | SCOUNTEREN_IR);
    csr_write(sie, SIE_SSIE | SIE_STIE | SIE_SEIE);
    this_hart()->online = true;
}

static void secondary_main(void)
{
    struct task *idle = current_task();

    sched_init_hart(idle);
    smp_init_this_hart();
    sched_idle();
}

/* Makes the idle task and stacks of a hart and starts it: 0 or -errno. */
static int hart_start(struct hart *hart)
{
    struct secondary_boot *boot = &secondary_boot[hart->index];
    struct task *idle = task_create_idle(hart);

    if (!idle)
        return -ENOMEM;
    boot->satp = SATP_MODE_SV39 | virt_to_phys(kernel_root) >> PAGE_SHIFT;
    boot->sp = idle->stack_top;
    boot->tp = (uint64_t)idle;
    boot->entry = secondary_main;
    __atomic_store_n(&boot->key, hart->hartid + 1, __ATOMIC_RELEASE);
    io_barrier();
    return sbi_hart_start(hart->hartid, virt_to_phys(secondary_start), virt_to_phys(boot));
}

void smp_start_others(void)
{
    for (unsigned i = 1; i < hart_count; i++) {
        uint64_t deadline = time_ns() + HART_START_TIMEOUT_NS;
        int error = hart_start(&harts[i]);

        /* "Already started" is no reason to give up: it may be waiting in head.S. */
        while (error != -ENOMEM && !harts[i].online && time_ns() < deadline)
            cpu_relax();
        if (!harts[i].online)
            printk("smp: machine hart %lu does not start (%d)\n", harts[i].hartid, error);
    }
}

void smp_ipi(void)
{
    csr_clear(sip, SIE_SSIE);
    if (!stopping)
        return;
    this_hart()->online = false;
    irq_disable();
    for (;;)
        cpu_wait();
}

static void smp_stop_others(void)
{
    stopping = ~0UL;
    sbi_send_ipi(hart_online_mask() & ~BIT(hart_index()));
}

void smp_init_hooks(void)
{
    panic_set_stop_others(smp_stop_others);
    sched_set_ipis(sbi_send_ipi);
}
