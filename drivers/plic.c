/*
 * The platform-level interrupt controller: sources 1 … ndev with a priority each, and contexts,
 * one for each (hart, privilege) that it can interrupt, with an enable bit for each source, a
 * threshold, and a register to claim from and complete to.
 *
 * Which context is which hart's S-mode is not computed but read: entry n of the node's
 * interrupts-extended says where context n's line goes, and S-mode's is the one that goes to
 * interrupt 9 of a hart's own controller.
 *
 * A source is enabled in one context only, so that an interrupt wakes one hart; sources are dealt
 * in turn to the harts that have called plic_init_hart().
 *
 * plic_lock guards the enable bits. Source: RISC-V PLIC specification 1.0.0, chapters 3 to 9; the
 * binding: Linux's sifive,plic-1.0.0.yaml.
 */
#include "drivers/plic.h"

#include "arch/riscv/csr.h"
#include "drivers/irq_chip.h"
#include "drivers/mmio.h"
#include "drivers/resource.h"
#include "kernel/hart.h"
#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"

#define PLIC_SOURCES_MAX  1023
#define PLIC_CONTEXTS_MAX 15872

#define PLIC_PRIORITY(irq)    (4UL * (irq))
#define PLIC_ENABLE(ctx, irq) (0x2000UL + 0x80UL * (ctx) + 4UL * ((irq) / 32))
#define PLIC_CONTEXT(ctx)     (0x200000UL + 0x1000UL * (ctx))
#define PLIC_THRESHOLD        0
#define PLIC_CLAIM            4
#define PLIC_CONTEXT_SIZE     0x1000UL

#define PLIC_PRIORITY_ON    1
#define PLIC_THRESHOLD_NONE 0
#define PLIC_THRESHOLD_ALL  UINT32_MAX /* WARL: the highest level there is */
#define PLIC_BITS_PER_WORD  32

static struct spinlock plic_lock = SPINLOCK_INIT("plic");
static void *plic_regs;                   /* (i) */
static uint32_t plic_sources;             /* (i) */
static int plic_context[MAX_HARTS];       /* (i) by hart index; -1: the tree names none */
static _Atomic uint64_t plic_harts_ready; /* (a) have called plic_init_hart() */
static unsigned plic_last_hart;           /* plic_lock: the hart that was dealt a source last */

/* The hart that gets the next source: in turn those that are ready, or before that the first. */
static unsigned plic_deal(void)
{
    uint64_t ready = plic_harts_ready;

    for (unsigned i = 1; i <= hart_count; i++) {
        unsigned hart = (plic_last_hart + i) % hart_count;

        if (plic_context[hart] >= 0 && (ready == 0 || ready >> hart & 1))
            return hart;
    }
    return plic_last_hart;
}

static void plic_enable(uint32_t irq)
{
    uint64_t flags = spin_lock_irqsave(&plic_lock);
    unsigned hart = plic_deal();
    size_t word = PLIC_ENABLE(plic_context[hart], irq);

    plic_last_hart = hart;
    mmio_write32(plic_regs, PLIC_PRIORITY(irq), PLIC_PRIORITY_ON);
    mmio_write32(plic_regs, word, mmio_read32(plic_regs, word) | 1U << irq % PLIC_BITS_PER_WORD);
    spin_unlock_irqrestore(&plic_lock, flags);
}

static uint32_t plic_claim(void)
{
    int context = plic_context[hart_index()];

    return context < 0 ? 0 : mmio_read32(plic_regs, PLIC_CONTEXT(context) + PLIC_CLAIM);
}

static void plic_complete(uint32_t irq)
{
    mmio_write32(plic_regs, PLIC_CONTEXT(plic_context[hart_index()]) + PLIC_CLAIM, irq);
}

static void plic_init_hart(void)
{
    unsigned hart = hart_index();

    if (plic_context[hart] < 0) {
        printk("plic: no context for hart %lu; it takes no device interrupts\n",
               harts[hart].hartid);
        return;
    }
    mmio_write32(plic_regs, PLIC_CONTEXT(plic_context[hart]) + PLIC_THRESHOLD, PLIC_THRESHOLD_NONE);
    plic_harts_ready |= BIT(hart);
}

static const struct irq_chip plic_chip = {
    .enable = plic_enable,
    .claim = plic_claim,
    .complete = plic_complete,
    .init_hart = plic_init_hart,
};

/* The hart whose own interrupt controller is this node: its index, or -1. */
static int plic_hart_of(const struct fdt *fdt, int intc)
{
    uint64_t hartid;

    if (fdt_get_u64_cells(fdt, fdt_parent(fdt, intc), "reg", &hartid) < 0)
        return -1;
    for (unsigned i = 0; i < hart_count; i++)
        if (harts[i].hartid == hartid)
            return (int)i;
    return -1;
}

/* Fills plic_context; returns one more than the highest context found, 0 when there is none. */
static unsigned plic_find_contexts(const struct fdt *fdt, int node)
{
    unsigned end = 0;

    for (unsigned i = 0; i < MAX_HARTS; i++)
        plic_context[i] = -1;
    for (unsigned context = 0; context < PLIC_CONTEXTS_MAX; context++) {
        int intc, hart, error;
        uint32_t irq;

        error = fdt_interrupt(fdt, node, context, &intc, &irq);
        if (error == -ENXIO)
            continue;
        if (error < 0)
            break;
        hart = irq == IRQ_S_EXT ? plic_hart_of(fdt, intc) : -1;
        if (hart >= 0 && plic_context[hart] < 0) {
            plic_context[hart] = (int)context;
            end = context + 1;
        }
    }
    return end;
}

/* Undoes what firmware may have left: no source is enabled, no context interrupts. */
static void plic_silence(void)
{
    for (uint32_t irq = 1; irq <= plic_sources; irq++)
        mmio_write32(plic_regs, PLIC_PRIORITY(irq), 0);
    for (unsigned hart = 0; hart < hart_count; hart++) {
        if (plic_context[hart] < 0)
            continue;
        for (uint32_t irq = 0; irq <= plic_sources; irq += PLIC_BITS_PER_WORD)
            mmio_write32(plic_regs, PLIC_ENABLE(plic_context[hart], irq), 0);
        mmio_write32(plic_regs, PLIC_CONTEXT(plic_context[hart]) + PLIC_THRESHOLD,
                     PLIC_THRESHOLD_ALL);
    }
}

int plic_probe(const struct fdt *fdt, int node)
{
    unsigned contexts;
    size_t size;

    if (plic_regs)
        return -EBUSY;
    if (fdt_get_u32(fdt, node, "riscv,ndev", &plic_sources) < 0 || plic_sources == 0 ||
        plic_sources > PLIC_SOURCES_MAX) {
        printk("plic: the tree gives no usable number of sources\n");
        return -EINVAL;
    }
    contexts = plic_find_contexts(fdt, node);
    if (contexts == 0) {
        printk("plic: the tree names no context of any hart\n");
        return -EINVAL;
    }
    size = PLIC_CONTEXT(contexts - 1) + PLIC_CONTEXT_SIZE;
    plic_regs = resource_map(fdt, node, size, size, NULL);
    if (!plic_regs)
        return -ENXIO;
    plic_last_hart = hart_count - 1; /* so that the first source goes to hart 0 */
    plic_silence();
    return irq_chip_register(&plic_chip, node, plic_sources);
}
