/*
 * Finding the machine's devices.
 *
 * A table for each of two rounds says which driver knows which compatible strings. A round walks
 * the tree once, in its order, leaves out what is disabled with all below it, and gives each node
 * to the first driver that knows it. What a node says is the driver's to check; a driver that fails
 * prints why and the machine goes on without the device.
 *
 *   early    interrupt controller, power-off; then the console that /chosen names
 *   others   further UARTs, clock, virtio
 */
#include "drivers/machine.h"

#include "drivers/entropy.h"
#include "drivers/plic.h"
#include "drivers/rtc.h"
#include "drivers/rtc_goldfish.h"
#include "drivers/sifive_test.h"
#include "drivers/uart_16550.h"
#include "drivers/virtio_bus.h"
#include "kernel/print.h"
#include "lib/errno.h"

struct machine_driver {
    const char *const *compatible; /* NULL-terminated */
    int (*probe)(const struct fdt *fdt, int node);
};

static int machine_console = -ENOENT; /* its node */

static int machine_probe_uart(const struct fdt *fdt, int node)
{
    return node == machine_console ? 0 : uart_16550_probe(fdt, node, false);
}

static const char *const plic_compatible[] = {"sifive,plic-1.0.0", "riscv,plic0", NULL};
static const char *const test_compatible[] = {"sifive,test1", "sifive,test0", NULL};
static const char *const goldfish_compatible[] = {"google,goldfish-rtc", NULL};
static const char *const virtio_compatible[] = {"virtio,mmio", NULL};

static const struct machine_driver early_drivers[] = {
    {plic_compatible, plic_probe},
    {test_compatible, sifive_test_probe},
    {NULL, NULL},
};

static const struct machine_driver other_drivers[] = {
    {uart_16550_compatible, machine_probe_uart},
    {goldfish_compatible, rtc_goldfish_probe},
    {virtio_compatible, virtio_bus_add},
    {NULL, NULL},
};

static bool machine_matches(const struct fdt *fdt, int node, const char *const *compatible)
{
    for (; *compatible; compatible++)
        if (fdt_is_compatible(fdt, node, *compatible))
            return true;
    return false;
}

/* The enabled node after `node` (negative: the first), by depth first; -ENOENT after the last. */
static int machine_next_node(const struct fdt *fdt, int node, int *depth)
{
    int off_depth = -1;

    for (;;) {
        node = fdt_next_node(fdt, node, depth);
        if (node < 0)
            return node;
        if (off_depth >= 0 && *depth > off_depth)
            continue; /* below a node that is off */
        if (fdt_is_enabled(fdt, node))
            return node;
        off_depth = *depth;
    }
}

static void machine_probe(const struct fdt *fdt, int node, const struct machine_driver *drivers)
{
    for (; drivers->compatible; drivers++) {
        int error;

        if (!machine_matches(fdt, node, drivers->compatible))
            continue;
        error = drivers->probe(fdt, node);
        if (error)
            printk("%s: not used (error %d)\n", fdt_node_name(fdt, node), -error);
        return;
    }
}

static void machine_probe_all(const struct fdt *fdt, const struct machine_driver *drivers)
{
    int depth = 0;

    for (int node = machine_next_node(fdt, -1, &depth); node >= 0;
         node = machine_next_node(fdt, node, &depth))
        machine_probe(fdt, node, drivers);
}

/* The UART that /chosen names; without one that is known, the first in the tree. */
static int machine_find_console(const struct fdt *fdt)
{
    int node, depth = 0;

    if (fdt_stdout(fdt, &node, NULL) == 0 && machine_matches(fdt, node, uart_16550_compatible))
        return node;
    for (node = machine_next_node(fdt, -1, &depth); node >= 0;
         node = machine_next_node(fdt, node, &depth))
        if (machine_matches(fdt, node, uart_16550_compatible))
            return node;
    return -ENOENT;
}

static void machine_add_seed(const struct fdt *fdt)
{
    size_t len;
    const void *seed = fdt_get_prop(fdt, fdt_find_node(fdt, "/chosen"), "rng-seed", &len);

    if (seed)
        entropy_add(seed, len);
}

void machine_init_early(const struct fdt *fdt)
{
    machine_add_seed(fdt);
    machine_probe_all(fdt, early_drivers);
    machine_console = machine_find_console(fdt);
    if (machine_console < 0 || uart_16550_probe(fdt, machine_console, true) < 0)
        printk("no UART that is known: the console only prints, through firmware\n");
}

void machine_init(const struct fdt *fdt)
{
    uint64_t now;

    machine_probe_all(fdt, other_drivers);
    now = rtc_boot_time_ns();
    entropy_add(&now, sizeof(now));
    virtio_bus_start();
}
