/*
 * virtio consoles with several ports: the device's control queues, over which ports are found.
 *
 *     guest  DEVICE_READY                  host  PORT_ADD for each port
 *     guest  PORT_READY for each port      host  PORT_NAME, PORT_OPEN 1 if its end is open
 *     guest  PORT_OPEN 1 on first use      host  PORT_OPEN as its end opens and closes
 *
 * Nothing says "that was the last port". But a host answers a message before it gives its buffer
 * back, or soon after; so finding waits for the buffers, and then DISCOVERY_NS at most for names
 * that are still missing. Ports that come later are not made known.
 *
 * Every port's queues must be there before the device is live, so all ports the device could have
 * are made at the start; only those that are announced get pages.
 *
 * console->lock (irqsave) guards the control queues. Inside it: a port's lock.
 * Source: VIRTIO 1.2, 5.3.2 (queues), 5.3.4 (configuration), 5.3.6 (operation).
 */
#include "drivers/virtio_console.h"

#include "arch/address.h"
#include "arch/time.h"
#include "drivers/virtio_port.h"
#include "kernel/print.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"

#define VIRTIO_CONSOLE_F_MULTIPORT 1
#define CONFIG_MAX_PORTS           4

enum control_event {
    CONTROL_DEVICE_READY = 0,
    CONTROL_PORT_ADD = 1,
    CONTROL_PORT_REMOVE = 2,
    CONTROL_PORT_READY = 3,
    CONTROL_PORT_OPEN = 6,
    CONTROL_PORT_NAME = 7,
};

#define CONTROL_RX_QUEUE 2
#define CONTROL_TX_QUEUE 3

#define CONSOLE_PORTS_MAX 32
#define CONTROL_RX_COUNT  64 /* a host drops messages that find no buffer: room for two a port */
#define CONTROL_TX_COUNT  16
#define PORT_RX_SIZE      8
#define PORT_TX_SIZE      2
#define DISCOVERY_NS      200000000UL
#define REPLY_NS          1000000000UL

struct control_message {
    uint32_t id; /* of the port */
    uint16_t event;
    uint16_t value;
    char name[VIRTIO_PORT_NAME_MAX]; /* PORT_NAME: as long as the message, no NUL */
};

#define CONTROL_HEADER offsetof(struct control_message, name)

struct virtio_console {
    struct virtio_device *vdev; /* (i) */
    struct spinlock lock;
    struct wait_queue wait;  /* woken on each interrupt */
    struct virtqueue rx, tx; /* lock: control queues */
    struct control_message rx_messages[CONTROL_RX_COUNT];
    struct control_message tx_messages[CONTROL_TX_COUNT];
    uint32_t tx_busy;          /* lock: a bit for each tx message that the device has */
    unsigned port_count;       /* (i) */
    struct virtio_port *ports; /* (i) by id */
};

static struct virtio_port *console_report_port; /* (i) */

/* Queues of port `id`: 5.3.2. Port 0 came first, before there were control queues. */
static unsigned console_rx_queue(unsigned id)
{
    return id == 0 ? 0 : 2 * (id + 1);
}

/* Takes back the tx messages that the device is done with. The caller holds the lock. */
static void console_reclaim(struct virtio_console *console)
{
    struct control_message *message;
    uint32_t len;

    while ((message = virtqueue_get_used(&console->tx, &len)) != NULL)
        console->tx_busy &= ~(uint32_t)BIT(message - console->tx_messages);
}

/* Sends a control message. Never sleeps. False when the device still has all messages. */
static bool console_send(struct virtio_console *console, uint32_t id, enum control_event event,
                         uint16_t value)
{
    uint64_t flags = spin_lock_irqsave(&console->lock);
    struct virtqueue_buffer buffer;
    bool sent = false;

    console_reclaim(console);
    for (unsigned i = 0; i < CONTROL_TX_COUNT && !sent; i++) {
        struct control_message *message = &console->tx_messages[i];

        if (console->tx_busy & BIT(i))
            continue;
        *message = (struct control_message){.id = id, .event = (uint16_t)event, .value = value};
        buffer = (struct virtqueue_buffer){virt_to_phys(message), CONTROL_HEADER};
        if (virtqueue_add(&console->tx, &buffer, 1, 0, message) < 0)
            break;
        console->tx_busy |= BIT(i);
        sent = true;
    }
    if (sent)
        virtio_kick(console->vdev, &console->tx);
    spin_unlock_irqrestore(&console->lock, flags);
    return sent;
}

static bool console_announce(struct virtio_port *port)
{
    return console_send(port->owner, port->id, CONTROL_PORT_OPEN, 1);
}

/* Does what a message from the host says. The caller holds the lock. */
static void console_obey(struct virtio_console *console, const struct control_message *message,
                         uint32_t len)
{
    struct virtio_port *port;

    if (len < CONTROL_HEADER || message->id >= console->port_count)
        return;
    port = &console->ports[message->id];
    switch (message->event) {
    case CONTROL_PORT_ADD:
        port->added = true;
        break;
    case CONTROL_PORT_REMOVE:
        virtio_port_set_host_open(port, false);
        break;
    case CONTROL_PORT_OPEN:
        virtio_port_set_host_open(port, message->value != 0);
        break;
    case CONTROL_PORT_NAME:
        virtio_port_set_name(port, message->name, strnlen(message->name, len - CONTROL_HEADER));
        break;
    default:
        break;
    }
}

static int console_give_message(struct virtio_console *console, struct control_message *message)
{
    struct virtqueue_buffer buffer = {virt_to_phys(message), sizeof(*message)};

    return virtqueue_add(&console->rx, &buffer, 0, 1, message);
}

static void console_interrupt(void *owner)
{
    struct virtio_console *console = owner;
    struct control_message *message;
    uint64_t flags;
    uint32_t len;
    bool given = false;

    virtio_interrupt_ok(console->vdev);
    flags = spin_lock_irqsave(&console->lock);
    /* In this order: a message that the host has given back has its answers in the ring already. */
    console_reclaim(console);
    while ((message = virtqueue_get_used(&console->rx, &len)) != NULL) {
        console_obey(console, message, len);
        given = console_give_message(console, message) == 0;
    }
    if (given)
        virtio_kick(console->vdev, &console->rx);
    spin_unlock_irqrestore(&console->lock, flags);
    for (unsigned id = 0; id < console->port_count; id++)
        virtio_port_interrupt(&console->ports[id]);
    wait_wake_all(&console->wait);
}

static bool console_is_answered(struct virtio_console *console)
{
    uint64_t flags = spin_lock_irqsave(&console->lock);
    bool answered = console->tx_busy == 0;

    spin_unlock_irqrestore(&console->lock, flags);
    return answered;
}

/* Sends a message and sleeps until the host has taken it, which has then answered. */
static void console_ask(struct virtio_console *console, uint32_t id, enum control_event event)
{
    if (console_send(console, id, event, 1))
        wait_event_until(&console->wait, console_is_answered(console), time_ns() + REPLY_NS);
}

/* Whether every port that has its pages has its name too. */
static bool console_all_named(struct virtio_console *console)
{
    for (unsigned id = 0; id < console->port_count; id++)
        if (console->ports[id].tx_page && !virtio_port_ready(&console->ports[id]))
            return false;
    return true;
}

/* The first part of finding: every port that the host announces gets its pages and is asked. */
static void console_find_ports(struct virtio_console *console)
{
    console_ask(console, 0, CONTROL_DEVICE_READY);
    for (unsigned id = 0; id < console->port_count; id++) {
        struct virtio_port *port = &console->ports[id];

        if (!port->added || port->rx.size == 0 || port->tx.size == 0)
            continue;
        if (virtio_port_start(port) == 0)
            console_ask(console, id, CONTROL_PORT_READY);
        else
            printk("virtio-console: no memory for port %u\n", id);
    }
    wait_event_until(&console->wait, console_all_named(console), time_ns() + DISCOVERY_NS);
}

static void console_print_report(const char *s, size_t n)
{
    console_report_port->dev.ops->write(&console_report_port->dev, s, n);
}

/* The second part: the ports that have a name, which nobody else has, are made known. */
static unsigned console_register_ports(struct virtio_console *console)
{
    unsigned registered = 0;

    for (unsigned id = 0; id < console->port_count; id++) {
        struct virtio_port *port = &console->ports[id];

        if (!virtio_port_ready(port) || char_find(port->name))
            continue;
        char_register(&port->dev);
        registered++;
        if (strcmp(port->name, VIRTIO_CONSOLE_REPORT_PORT) == 0) {
            console_report_port = port;
            print_set_report_sink(console_print_report);
        }
    }
    return registered;
}

/* The control queues and those of every port there could be. 0 or a negative errno. */
static int console_setup_queues(struct virtio_console *console)
{
    struct virtio_device *vdev = console->vdev;
    int error = virtio_queue_setup(vdev, CONTROL_RX_QUEUE, CONTROL_RX_COUNT, &console->rx);

    if (!error)
        error = virtio_queue_setup(vdev, CONTROL_TX_QUEUE, CONTROL_TX_COUNT, &console->tx);
    for (unsigned id = 0; id < console->port_count && !error; id++) {
        struct virtio_port *port = &console->ports[id];
        unsigned queue = console_rx_queue(id);

        error = virtio_queue_setup(vdev, queue, PORT_RX_SIZE, &port->rx);
        if (!error)
            error = virtio_queue_setup(vdev, queue + 1, PORT_TX_SIZE, &port->tx);
        if (error == -ENOENT)
            error = 0; /* the port has no queues: it is left out */
    }
    return error;
}

/* Memory, features, queues, interrupt. 0 or a negative errno. */
static int console_setup(struct virtio_console *console)
{
    struct virtio_device *vdev = console->vdev;
    uint32_t count;
    int error = virtio_begin(vdev, BIT(VIRTIO_CONSOLE_F_MULTIPORT));

    if (error)
        return error;
    if (!virtio_has(vdev, VIRTIO_CONSOLE_F_MULTIPORT)) {
        printk("virtio-console: a device with a single port is not supported\n");
        return -ENXIO;
    }
    count = MIN(virtio_config_read32(vdev, CONFIG_MAX_PORTS), (uint32_t)CONSOLE_PORTS_MAX);
    console->ports = kmalloc(MAX(count, 1U) * sizeof(*console->ports), ALLOC_ZERO);
    if (!console->ports)
        return -ENOMEM;
    console->port_count = count;
    for (unsigned id = 0; id < count; id++) {
        virtio_port_init(&console->ports[id], vdev, id);
        console->ports[id].announce = console_announce;
        console->ports[id].owner = console;
    }
    error = console_setup_queues(console);
    return error ? error : irq_register(vdev->irq, console_interrupt, console);
}

static void console_free(struct virtio_console *console)
{
    virtio_fail(console->vdev);
    for (unsigned id = 0; id < console->port_count; id++)
        virtio_port_free(&console->ports[id]);
    virtio_queue_free(&console->rx);
    virtio_queue_free(&console->tx);
    kmfree(console->ports);
    kmfree(console);
}

/* The device is live from here on. */
static void console_go(struct virtio_console *console)
{
    uint64_t flags;

    virtio_driver_ok(console->vdev);
    flags = spin_lock_irqsave(&console->lock);
    for (unsigned i = 0; i < CONTROL_RX_COUNT; i++)
        if (console_give_message(console, &console->rx_messages[i]) < 0)
            break; /* a smaller queue than asked for holds fewer */
    virtio_kick(console->vdev, &console->rx);
    spin_unlock_irqrestore(&console->lock, flags);
}

int virtio_console_start(struct virtio_device *vdev)
{
    struct virtio_console *console = kmalloc(sizeof(*console), ALLOC_ZERO);
    int error;

    if (!console)
        return -ENOMEM;
    console->vdev = vdev;
    spin_init(&console->lock, "virtio-console");
    wait_queue_init(&console->wait);
    error = console_setup(console);
    if (error) {
        console_free(console);
        return error;
    }
    console_go(console);
    console_find_ports(console);
    printk("virtio-console: %u ports\n", console_register_ports(console));
    return 0;
}
