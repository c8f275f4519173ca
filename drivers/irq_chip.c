/*
 * External interrupts: the table of handlers, in front of the one controller's driver.
 *
 * A source belongs to one driver, for good: handlers are added while the machine is probed and
 * never taken away, so delivery needs no lock. The handler's pointer is published last; a source
 * with none (which nobody enabled) is counted, reported once and dropped.
 *
 * irq_lock orders registrations only.
 */
#include "drivers/irq_chip.h"

#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

struct irq_source {
    _Atomic(irq_handler_fn *) handler; /* (a) NULL: free */
    void *owner;                       /* (i) before handler */
};

static struct spinlock irq_lock = SPINLOCK_INIT("irq");
static const struct irq_chip *irq_chip;  /* (i) */
static int irq_chip_node;                /* (i) */
static uint32_t irq_count;               /* (i) sources 1 … irq_count */
static struct irq_source *irq_sources;   /* (i) irq_count + 1 entries */
static _Atomic uint64_t irq_stray_count; /* (a) */

int irq_chip_register(const struct irq_chip *chip, int node, uint32_t count)
{
    if (irq_chip)
        return -EBUSY;
    irq_sources = kmalloc((count + 1) * sizeof(*irq_sources), ALLOC_ZERO);
    if (!irq_sources)
        return -ENOMEM;
    irq_count = count;
    irq_chip_node = node;
    irq_chip = chip;
    return 0;
}

int irq_of_node(const struct fdt *fdt, int node, unsigned index, uint32_t *irq)
{
    int parent, error;

    error = fdt_interrupt(fdt, node, index, &parent, irq);
    if (error < 0)
        return error;
    return irq_chip && parent == irq_chip_node ? 0 : -ENODEV;
}

int irq_register(uint32_t irq, irq_handler_fn *handler, void *owner)
{
    uint64_t flags;
    int error = 0;

    if (!irq_chip)
        return -ENODEV;
    if (irq == 0 || irq > irq_count)
        return -EINVAL;
    flags = spin_lock_irqsave(&irq_lock);
    if (irq_sources[irq].handler) {
        error = -EBUSY;
    } else {
        irq_sources[irq].owner = owner;
        irq_sources[irq].handler = handler;
    }
    spin_unlock_irqrestore(&irq_lock, flags);
    if (!error)
        irq_chip->enable(irq);
    return error;
}

static void irq_deliver(uint32_t irq)
{
    irq_handler_fn *handler = irq <= irq_count ? irq_sources[irq].handler : NULL;

    if (handler)
        handler(irq_sources[irq].owner);
    else if (irq_stray_count++ == 0)
        printk("interrupt %u has no handler\n", irq);
}

void irq_handle(void)
{
    uint32_t irq;

    if (!irq_chip)
        return;
    while ((irq = irq_chip->claim()) != 0) {
        irq_deliver(irq);
        irq_chip->complete(irq);
    }
}

void irq_init_hart(void)
{
    if (irq_chip)
        irq_chip->init_hart();
}
