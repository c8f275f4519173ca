/*
 * UARTs of the 16550 family. Bytes to send wait in a ring that the transmit interrupt empties into
 * the FIFO; received bytes go to the terminal's callback, or to a ring that read() empties.
 *
 * The line's speed and format stay as firmware left them: the divisor and LCR are never written
 * (on a DesignWare UART a write to LCR while the line is busy would be lost anyway).
 *
 * The kernel's own messages take a polled path that works with interrupts off, before the
 * scheduler, and in a panic, when the lock may be held by a hart that has stopped.
 *
 * uart->lock (irqsave) guards registers and rings; wait queues are woken and the terminal is
 * called after it is let go. Nothing is printed while it is held.
 *
 * Sources: National Semiconductor PC16550D data sheet, 8.0; Synopsys DW_apb_uart databook (USR,
 * busy detect); the binding: Linux's 8250.yaml and snps-dw-apb-uart.yaml.
 */
#include "drivers/uart_16550.h"

#include "drivers/char_device.h"
#include "drivers/irq_chip.h"
#include "drivers/mmio.h"
#include "drivers/resource.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/ring.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/wait.h"

/* Register numbers; each lies at number << reg-shift. */
#define UART_RBR 0 /* read */
#define UART_THR 0 /* write */
#define UART_IER 1
#define UART_IIR 2 /* read */
#define UART_FCR 2 /* write */
#define UART_MCR 4
#define UART_LSR 5
#define UART_MSR 6
#define UART_USR 0x1f /* DesignWare: status; reading it ends the busy-detect interrupt */

#define UART_REGISTERS    8
#define UART_REGISTERS_DW 0x20

#define IER_RECEIVE  0x01
#define IER_TRANSMIT 0x02

#define IIR_MASK         0x0f
#define IIR_NONE         0x01
#define IIR_MODEM        0x00
#define IIR_TRANSMIT     0x02
#define IIR_RECEIVE      0x04
#define IIR_LINE         0x06
#define IIR_BUSY         0x07 /* DesignWare */
#define IIR_TIMEOUT      0x0c
#define IIR_FIFO_ENABLED 0xc0

#define FCR_ENABLE    0x01
#define FCR_TRIGGER_8 0x80

#define MCR_DTR  0x01
#define MCR_RTS  0x02
#define MCR_OUT2 0x08 /* gates the interrupt line on PCs */

#define LSR_DATA  0x01
#define LSR_BREAK 0x10
#define LSR_THRE  0x20

#define UART_FIFO_SIZE  16
#define UART_TX_RING    1024
#define UART_RX_RING    256
#define UART_RX_BATCH   64      /* bytes handed to the terminal at once */
#define UART_IRQ_ROUNDS 64      /* causes served in one interrupt */
#define UART_SPINS      1000000 /* looks at a FIFO that does not empty: over 100 ms */
#define UART_SHIFT_MAX  4

struct uart {
    struct char_device dev;
    void *regs;      /* (i) with reg-offset added */
    unsigned shift;  /* (i) reg-shift */
    unsigned width;  /* (i) reg-io-width: 1, 2 or 4 bytes */
    unsigned fifo;   /* (i) bytes that fit when THRE says empty */
    bool designware; /* (i) */
    bool has_irq;    /* (i) without, sending is polled and nothing is received */
    char name[8];    /* (i) */
    struct spinlock lock;
    struct wait_queue wait;
    struct ring tx, rx; /* lock */
    uint8_t ier;        /* lock: what IER holds */
    char tx_bytes[UART_TX_RING], rx_bytes[UART_RX_RING];
};

const char *const uart_16550_compatible[] = {"ns16550a", "ns16550", "snps,dw-apb-uart", NULL};

static struct uart *uart_console; /* (i) */
static unsigned uart_count;       /* probing is one task's */

static uint8_t uart_read_reg(struct uart *uart, unsigned reg)
{
    size_t offset = (size_t)reg << uart->shift;

    switch (uart->width) {
    case 4:
        return (uint8_t)mmio_read32(uart->regs, offset);
    case 2:
        return (uint8_t)mmio_read16(uart->regs, offset);
    default:
        return mmio_read8(uart->regs, offset);
    }
}

static void uart_write_reg(struct uart *uart, unsigned reg, uint8_t value)
{
    size_t offset = (size_t)reg << uart->shift;

    switch (uart->width) {
    case 4:
        mmio_write32(uart->regs, offset, value);
        break;
    case 2:
        mmio_write16(uart->regs, offset, value);
        break;
    default:
        mmio_write8(uart->regs, offset, value);
    }
}

static void uart_set_ier(struct uart *uart, uint8_t ier)
{
    if (uart->ier != ier)
        uart_write_reg(uart, UART_IER, ier);
    uart->ier = ier;
}

/* Moves what fits from the ring to the FIFO; the interrupt stays on while bytes remain. */
static void uart_transmit(struct uart *uart)
{
    char burst[UART_FIFO_SIZE];
    size_t n;

    if (uart_read_reg(uart, UART_LSR) & LSR_THRE) {
        n = ring_get(&uart->tx, burst, uart->fifo);
        for (size_t i = 0; i < n; i++)
            uart_write_reg(uart, UART_THR, (uint8_t)burst[i]);
    }
    uart_set_ier(uart,
                 ring_empty(&uart->tx) ? uart->ier & ~IER_TRANSMIT : uart->ier | IER_TRANSMIT);
}

/* Sends one byte without interrupts. *room: how many more fit before the FIFO is looked at. */
static void uart_send_polled(struct uart *uart, char c, unsigned *room)
{
    for (unsigned spins = 0; *room == 0 && spins < UART_SPINS; spins++)
        if (uart_read_reg(uart, UART_LSR) & LSR_THRE)
            *room = uart->fifo;
    if (*room == 0)
        return; /* the line is stuck: the byte is lost, the kernel is not */
    --*room;
    uart_write_reg(uart, UART_THR, (uint8_t)c);
}

static void uart_drain_polled(struct uart *uart, unsigned *room)
{
    char c;

    while (ring_get(&uart->tx, &c, 1) == 1)
        uart_send_polled(uart, c, room);
}

/* In a panic the holder may never let go: then the lock is waited for, but not for ever. */
static bool uart_lock_for_print(struct uart *uart)
{
    if (!panic_in_progress()) {
        spin_lock(&uart->lock);
        return true;
    }
    for (unsigned spins = 0; spins < UART_SPINS; spins++) {
        if (!spin_held(&uart->lock) && spin_trylock(&uart->lock))
            return true;
        cpu_relax();
    }
    return false;
}

/* The kernel's messages: after what tasks have sent before, each line ended as terminals want. */
static void uart_print(const char *s, size_t n)
{
    struct uart *uart = uart_console;
    uint64_t flags = irq_save();
    bool locked = uart_lock_for_print(uart);
    unsigned room = 0;

    uart_drain_polled(uart, &room);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n')
            uart_send_polled(uart, '\r', &room);
        uart_send_polled(uart, s[i], &room);
    }
    if (locked)
        spin_unlock(&uart->lock);
    irq_restore(flags);
}

static struct uart *uart_of(struct char_device *dev)
{
    return container_of(dev, struct uart, dev);
}

static size_t uart_put(struct char_device *dev, const char *buf, size_t n)
{
    struct uart *uart = uart_of(dev);
    uint64_t flags = spin_lock_irqsave(&uart->lock);
    unsigned room = 0;

    n = ring_put(&uart->tx, buf, n);
    if (uart->has_irq)
        uart_transmit(uart);
    else
        uart_drain_polled(uart, &room);
    spin_unlock_irqrestore(&uart->lock, flags);
    return n;
}

/* Whether a writer may go on: at once with room to spare, finished when all is sent. */
static bool uart_tx_below(struct uart *uart, size_t limit)
{
    return uart->tx.count <= limit;
}

static ssize_t uart_write(struct char_device *dev, const char *buf, size_t n)
{
    struct uart *uart = uart_of(dev);
    size_t taken = 0;

    while (taken < n) {
        size_t limit;

        taken += uart_put(dev, buf + taken, n - taken);
        limit = taken < n ? UART_TX_RING / 2 : 0;
        if (wait_event_killable(&uart->wait, uart_tx_below(uart, limit)) < 0)
            return taken ? (ssize_t)taken : -EINTR;
    }
    return (ssize_t)taken;
}

static bool uart_has_received(struct uart *uart)
{
    return uart->rx.count > 0;
}

static ssize_t uart_read(struct char_device *dev, char *buf, size_t n, bool nonblock)
{
    struct uart *uart = uart_of(dev);
    uint64_t flags;
    size_t got;
    int error;

    for (;;) {
        flags = spin_lock_irqsave(&uart->lock);
        got = ring_get(&uart->rx, buf, n);
        spin_unlock_irqrestore(&uart->lock, flags);
        if (got > 0 || n == 0)
            return (ssize_t)got;
        if (nonblock)
            return -EAGAIN;
        error = wait_event(&uart->wait, uart_has_received(uart));
        if (error)
            return error;
    }
}

static uint32_t uart_poll(struct char_device *dev)
{
    struct uart *uart = uart_of(dev);

    return (uart_has_received(uart) ? CHAR_POLLIN : 0) | (ring_full(&uart->tx) ? 0 : CHAR_POLLOUT);
}

static const struct char_ops uart_ops = {
    .write = uart_write,
    .put = uart_put,
    .read = uart_read,
    .poll = uart_poll,
};

/* Empties the receive FIFO into the ring; what does not fit is lost, as on any line. */
static void uart_receive(struct uart *uart, bool timeout)
{
    uint8_t status = uart_read_reg(uart, UART_LSR);

    /* A time-out with no data would interrupt for ever: one read of nothing ends it. */
    if (timeout && !(status & LSR_DATA))
        uart_read_reg(uart, UART_RBR);
    for (unsigned i = 0; (status & LSR_DATA) && i < UART_RX_RING; i++) {
        char c = (char)uart_read_reg(uart, UART_RBR);

        if (!(status & LSR_BREAK))
            ring_put_byte(&uart->rx, c);
        status = uart_read_reg(uart, UART_LSR);
    }
}

/* Serves one cause of interrupt; returns false when there is none. */
static bool uart_serve(struct uart *uart)
{
    uint8_t cause = uart_read_reg(uart, UART_IIR) & IIR_MASK;

    switch (cause) {
    case IIR_RECEIVE:
    case IIR_TIMEOUT:
        uart_receive(uart, cause == IIR_TIMEOUT);
        return true;
    case IIR_TRANSMIT:
        uart_transmit(uart);
        return true;
    case IIR_LINE:
        uart_receive(uart, false); /* reads LSR, which is what ends it */
        return true;
    case IIR_MODEM:
        uart_read_reg(uart, UART_MSR);
        return true;
    case IIR_BUSY:
        if (uart->designware)
            uart_read_reg(uart, UART_USR);
        return uart->designware;
    default:
        return false;
    }
}

/* Hands what was received to the terminal, without the lock: it may echo. */
static void uart_deliver(struct uart *uart)
{
    void (*receive)(struct char_device * dev, char c) = uart->dev.receive;
    char batch[UART_RX_BATCH];
    uint64_t flags;
    size_t n;

    while (receive) {
        flags = spin_lock_irqsave(&uart->lock);
        n = ring_get(&uart->rx, batch, sizeof(batch));
        spin_unlock_irqrestore(&uart->lock, flags);
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            receive(&uart->dev, batch[i]);
    }
}

static void uart_interrupt(void *owner)
{
    struct uart *uart = owner;
    uint64_t flags = spin_lock_irqsave(&uart->lock);
    unsigned rounds = 0;
    bool wake;

    while (rounds < UART_IRQ_ROUNDS && uart_serve(uart))
        rounds++;
    wake = uart_tx_below(uart, UART_TX_RING / 2) || uart_has_received(uart);
    spin_unlock_irqrestore(&uart->lock, flags);
    uart_deliver(uart);
    if (wake)
        wait_wake_all(&uart->wait);
}

/* Reads how the registers lie. 0 or -EINVAL. */
static int uart_read_layout(struct uart *uart, const struct fdt *fdt, int node)
{
    uint32_t shift = 0, width = 1, offset = 0;
    size_t size;

    uart->designware = fdt_is_compatible(fdt, node, "snps,dw-apb-uart");
    if (fdt_get_u32(fdt, node, "reg-shift", &shift) == -EINVAL ||
        fdt_get_u32(fdt, node, "reg-io-width", &width) == -EINVAL ||
        fdt_get_u32(fdt, node, "reg-offset", &offset) == -EINVAL || shift > UART_SHIFT_MAX ||
        (width != 1 && width != 2 && width != 4) || width > 1U << shift || offset > PAGE_SIZE ||
        offset % width != 0) {
        printk("%s: the tree's register layout makes no sense\n", fdt_node_name(fdt, node));
        return -EINVAL;
    }
    uart->shift = shift;
    uart->width = width;
    size = (size_t)(uart->designware ? UART_REGISTERS_DW : UART_REGISTERS) << shift;
    uart->regs = resource_map(fdt, node, offset + size, 0, NULL);
    if (!uart->regs)
        return -ENXIO;
    uart->regs = (char *)uart->regs + offset;
    return 0;
}

/* FIFOs on, interrupts off, what firmware received and nobody read kept. */
static void uart_setup(struct uart *uart)
{
    uart_write_reg(uart, UART_IER, 0);
    uart_write_reg(uart, UART_FCR, FCR_ENABLE | FCR_TRIGGER_8);
    uart_write_reg(uart, UART_MCR, MCR_DTR | MCR_RTS | MCR_OUT2);
    uart->fifo =
        (uart_read_reg(uart, UART_IIR) & IIR_FIFO_ENABLED) == IIR_FIFO_ENABLED ? UART_FIFO_SIZE : 1;
}

static void uart_start_interrupts(struct uart *uart, const struct fdt *fdt, int node)
{
    uint64_t flags;
    uint32_t irq;

    uart->has_irq = irq_of_node(fdt, node, 0, &irq) == 0;
    if (uart->has_irq && irq_register(irq, uart_interrupt, uart) < 0)
        uart->has_irq = false;
    if (!uart->has_irq) {
        printk("%s: no interrupt; it cannot receive\n", uart->name);
        return;
    }
    flags = spin_lock_irqsave(&uart->lock);
    uart_set_ier(uart, uart->ier | IER_RECEIVE);
    spin_unlock_irqrestore(&uart->lock, flags);
}

int uart_16550_probe(const struct fdt *fdt, int node, bool console)
{
    struct uart *uart = kmalloc(sizeof(*uart), ALLOC_ZERO);
    int error;

    if (!uart)
        return -ENOMEM;
    error = uart_read_layout(uart, fdt, node);
    if (error) {
        kmfree(uart);
        return error;
    }
    spin_init(&uart->lock, "uart");
    wait_queue_init(&uart->wait);
    ring_init(&uart->tx, uart->tx_bytes, sizeof(uart->tx_bytes));
    ring_init(&uart->rx, uart->rx_bytes, sizeof(uart->rx_bytes));
    fmt_snprintf(uart->name, sizeof(uart->name), "ttyS%u", uart_count++);
    uart->dev.name = uart->name;
    uart->dev.ops = &uart_ops;
    uart->dev.wait = &uart->wait;
    uart->dev.is_console = console;
    uart_setup(uart);
    if (console) {
        uart_console = uart;
        print_set_console(uart_print);
    }
    char_register(&uart->dev);
    uart_start_interrupts(uart, fdt, node);
    return 0;
}
