/*
 * External interrupts: one interrupt controller (the PLIC), and the handlers that drivers
 * register. Handlers run with interrupts off, on the hart that claimed the interrupt.
 */
#pragma once

#include "lib/fdt.h"
#include "lib/types.h"

typedef void irq_handler_fn(void *owner);

/* What a controller can do; sources are numbered from 1, as drivers and the tree number them. */
struct irq_chip {
    void (*enable)(uint32_t irq);   /* lets the source interrupt some hart */
    uint32_t (*claim)(void);        /* the next pending source of this hart; 0: none */
    void (*complete)(uint32_t irq); /* the claimed source may interrupt again */
    void (*init_hart)(void);        /* see irq_init_hart() */
};

/*
 * Makes chip the machine's controller, with sources 1 to count; node is its node in the tree. 0,
 * -EBUSY (there is one already) or -ENOMEM.
 */
int irq_chip_register(const struct irq_chip *chip, int node, uint32_t count);

/*
 * Interrupt number index of a device's node. 0; -ENOENT when the node has none; -ENODEV when it
 * goes to another controller; -EINVAL when malformed.
 */
int irq_of_node(const struct fdt *fdt, int node, unsigned index, uint32_t *irq);

/* 0, -EINVAL (no such source), -EBUSY (taken), -ENODEV (no controller). Enables the source. */
int irq_register(uint32_t irq, irq_handler_fn *handler, void *owner);

/* Claims, handles and completes all that is pending for this hart. Called on IRQ_S_EXT. */
void irq_handle(void);

/* Prepares the controller's context of this hart; called once on each hart. */
void irq_init_hart(void);
