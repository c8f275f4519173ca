/*
 * A port of a virtio console.
 *
 * Receiving: the device has RX_PAGES pages to fill and no more, so a host that sends faster than
 * anybody reads is held up. A page goes back when all of it has been read. The stream ends (read
 * returns 0) when the host's end is closed and everything received has been read; the device
 * fills pages before it says "closed", so looking at the ring under the lock that guards
 * host_open sees the last bytes first. A host's end that was never open is closed.
 *
 * Sending: one writer at a time copies up to a page, sends it, and waits until the device has
 * taken it. A writer that is killed leaves its page with the device; the next one waits for that
 * first. With the host's end closed writing is -EPIPE.
 *
 * port->lock (irqsave) as tagged; the wait queue is woken after it is let go, and announce() is
 * called without it. Source: VIRTIO 1.2, 5.3.
 */
#include "drivers/virtio_port.h"

#include <stdatomic.h>

#include "arch/address.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/buddy.h"

#define RX_PAGES    4
#define NAME_PREFIX "virtio-ports/"

static struct virtio_port *port_of(struct char_device *dev)
{
    return container_of(dev, struct virtio_port, dev);
}

/* Gives a page to the device to receive into. The caller holds the lock, or is alone. */
static int port_give_page(struct virtio_port *port, char *page)
{
    struct virtqueue_buffer buffer = {virt_to_phys(page), PAGE_SIZE};

    return virtqueue_add(&port->rx, &buffer, 0, 1, page);
}

/* Copies what has been received, up to n bytes. The caller holds the lock. */
static size_t port_take_locked(struct virtio_port *port, char *buf, size_t n)
{
    size_t taken = 0, chunk;
    bool given = false;

    while (taken < n) {
        if (!port->rx_page) {
            port->rx_page = virtqueue_get_used(&port->rx, &port->rx_end);
            port->rx_at = 0;
        }
        if (!port->rx_page)
            break;
        chunk = MIN(n - taken, (size_t)(port->rx_end - port->rx_at));
        memcpy(buf + taken, port->rx_page + port->rx_at, chunk);
        port->rx_at += (uint32_t)chunk;
        taken += chunk;
        if (port->rx_at == port->rx_end && port_give_page(port, port->rx_page) == 0) {
            port->rx_page = NULL;
            given = true;
        } else if (port->rx_at == port->rx_end) {
            break; /* the queue is broken: the page stays here until the port is freed */
        }
    }
    if (given)
        virtio_kick(port->vdev, &port->rx);
    return taken;
}

/* Bytes taken, 0 at the end of the stream, -EAGAIN when nothing is there yet. */
static ssize_t port_take(struct virtio_port *port, char *buf, size_t n)
{
    uint64_t flags = spin_lock_irqsave(&port->lock);
    size_t taken = port_take_locked(port, buf, n);
    bool more_to_come = port->host_open && !port->rx.broken;

    spin_unlock_irqrestore(&port->lock, flags);
    return taken == 0 && more_to_come ? -EAGAIN : (ssize_t)taken;
}

/* Whether read() would return at once: bytes, or the end of the stream. */
static bool port_readable(struct virtio_port *port)
{
    uint64_t flags = spin_lock_irqsave(&port->lock);
    bool readable =
        port->rx_page || virtqueue_has_used(&port->rx) || !port->host_open || port->rx.broken;

    spin_unlock_irqrestore(&port->lock, flags);
    return readable;
}

/* The host sends only to a port that this end has opened: the first use opens it. */
static void port_open(struct virtio_port *port)
{
    uint64_t flags;
    bool done;

    if (port->guest_open)
        return;
    done = port->announce(port);
    flags = spin_lock_irqsave(&port->lock);
    port->guest_open = port->guest_open || done;
    spin_unlock_irqrestore(&port->lock, flags);
}

static ssize_t port_read(struct char_device *dev, char *buf, size_t n, bool nonblock)
{
    struct virtio_port *port = port_of(dev);
    ssize_t got;
    int error;

    if (n == 0)
        return 0;
    port_open(port);
    for (;;) {
        got = port_take(port, buf, n);
        if (got != -EAGAIN || nonblock)
            return got;
        error = wait_event(&port->wait, port_readable(port));
        if (error)
            return error;
    }
}

/* Whether the page is the writer's again. */
static bool port_tx_idle(struct virtio_port *port)
{
    uint64_t flags = spin_lock_irqsave(&port->lock);
    bool idle;
    uint32_t len;

    if (virtqueue_get_used(&port->tx, &len))
        port->tx_in_flight = false;
    idle = !port->tx_in_flight;
    spin_unlock_irqrestore(&port->lock, flags);
    return idle;
}

static bool port_tx_hopeless(struct virtio_port *port)
{
    uint64_t flags = spin_lock_irqsave(&port->lock);
    bool hopeless = !port->host_open || port->tx.broken;

    spin_unlock_irqrestore(&port->lock, flags);
    return hopeless;
}

/* Waits until the page is the writer's. 0, -EINTR (killed) or -EPIPE. */
static int port_tx_wait(struct virtio_port *port)
{
    bool idle = false;
    int error;

    error = wait_event_killable(&port->wait, (idle = port_tx_idle(port)) || port_tx_hopeless(port));
    if (error)
        return error;
    return idle ? 0 : -EPIPE;
}

/* Sends the first n bytes of the page. 0 or -EPIPE. */
static int port_tx_send(struct virtio_port *port, size_t n)
{
    struct virtqueue_buffer buffer = {virt_to_phys(port->tx_page), (uint32_t)n};
    uint64_t flags = spin_lock_irqsave(&port->lock);
    int error = port->host_open ? virtqueue_add(&port->tx, &buffer, 1, 0, port) : -EPIPE;

    if (!error) {
        port->tx_in_flight = true;
        virtio_kick(port->vdev, &port->tx);
    }
    spin_unlock_irqrestore(&port->lock, flags);
    return error ? -EPIPE : 0;
}

/* One page of a write, whole: 0, -EINTR or -EPIPE. */
static int port_write_page(struct virtio_port *port, const char *buf, size_t n)
{
    int error = port_tx_wait(port);

    if (error)
        return error;
    memcpy(port->tx_page, buf, n);
    error = port_tx_send(port, n);
    return error ? error : port_tx_wait(port);
}

/* Lets one writer in. */
static bool port_enter_write(struct virtio_port *port)
{
    uint32_t nobody = 0;

    return atomic_compare_exchange_strong(&port->tx_writer, &nobody, 1);
}

static ssize_t port_write(struct char_device *dev, const char *buf, size_t n)
{
    struct virtio_port *port = port_of(dev);
    size_t sent = 0;
    int error;

    port_open(port);
    error = wait_event_killable(&port->wait, port_enter_write(port));
    if (error)
        return error;
    while (sent < n && !error) {
        size_t chunk = MIN(n - sent, PAGE_SIZE);

        error = port_write_page(port, buf + sent, chunk);
        if (!error)
            sent += chunk;
    }
    port->tx_writer = 0;
    wait_wake_all(&port->wait);
    return sent ? (ssize_t)sent : error;
}

static uint32_t port_poll(struct char_device *dev)
{
    struct virtio_port *port = port_of(dev);
    bool hung_up;

    port_open(port);
    hung_up = port_tx_hopeless(port);
    return (port_readable(port) ? CHAR_POLLIN : 0) | (hung_up ? CHAR_POLLHUP : 0) |
           (!hung_up && !port->tx_writer && port_tx_idle(port) ? CHAR_POLLOUT : 0);
}

static const struct char_ops port_ops = {
    .write = port_write,
    .read = port_read,
    .poll = port_poll,
};

void virtio_port_init(struct virtio_port *port, struct virtio_device *vdev, uint32_t id)
{
    port->vdev = vdev;
    port->id = id;
    spin_init(&port->lock, "virtio port");
    wait_queue_init(&port->wait);
    port->dev.name = port->name;
    port->dev.ops = &port_ops;
    port->dev.wait = &port->wait;
}

int virtio_port_start(struct virtio_port *port)
{
    struct page *page;

    page = page_alloc(0);
    if (!page)
        return -ENOMEM;
    port->tx_page = page_address(page);
    for (unsigned i = 0; i < RX_PAGES; i++) {
        page = page_alloc(0);
        if (!page)
            return -ENOMEM;
        if (port_give_page(port, page_address(page)) < 0) {
            page_put(page);
            break; /* a smaller queue than asked for holds fewer */
        }
    }
    virtio_kick(port->vdev, &port->rx);
    return port->rx.broken ? -EIO : 0;
}

void virtio_port_free(struct virtio_port *port)
{
    char *page;

    while ((page = virtqueue_take_back(&port->rx)) != NULL)
        page_put(virt_to_page(page));
    if (port->rx_page)
        page_put(virt_to_page(port->rx_page));
    if (port->tx_page)
        page_put(virt_to_page(port->tx_page));
    virtio_queue_free(&port->rx);
    virtio_queue_free(&port->tx);
}

/* Whether a character may stand in a file's name that people type. */
static bool port_name_char_ok(char c)
{
    return c > ' ' && c < 0x7f && c != '/';
}

void virtio_port_set_name(struct virtio_port *port, const char *name, size_t len)
{
    size_t prefix = strlen(NAME_PREFIX);
    uint64_t flags;

    if (len == 0 || prefix + len >= VIRTIO_PORT_NAME_MAX || name[0] == '.')
        return;
    for (size_t i = 0; i < len; i++)
        if (!port_name_char_ok(name[i]))
            return;
    flags = spin_lock_irqsave(&port->lock);
    if (port->name[0] == '\0') {
        memcpy(port->name + prefix, name, len);
        port->name[prefix + len] = '\0';
        memcpy(port->name, NAME_PREFIX, prefix);
    }
    spin_unlock_irqrestore(&port->lock, flags);
}

void virtio_port_set_host_open(struct virtio_port *port, bool open)
{
    uint64_t flags = spin_lock_irqsave(&port->lock);

    port->host_open = open;
    spin_unlock_irqrestore(&port->lock, flags);
    wait_wake_all(&port->wait);
}

void virtio_port_interrupt(struct virtio_port *port)
{
    uint64_t flags;
    bool wake;

    flags = spin_lock_irqsave(&port->lock);
    wake = virtqueue_has_used(&port->rx) || virtqueue_has_used(&port->tx);
    spin_unlock_irqrestore(&port->lock, flags);
    if (wake)
        wait_wake_all(&port->wait);
}

bool virtio_port_ready(struct virtio_port *port)
{
    uint64_t flags = spin_lock_irqsave(&port->lock);
    bool ready = port->tx_page && port->name[0] != '\0';

    spin_unlock_irqrestore(&port->lock, flags);
    return ready;
}
