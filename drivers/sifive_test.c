/*
 * SiFive's test finisher: a store to its one register ends the machine. The low half says how, the
 * high half is the status of a failure.
 *
 * QEMU stops a moment after the store, from another thread, so the store is followed by a wait:
 * else the caller's next way of powering off would overtake it and lose the status.
 * Source: QEMU, include/hw/misc/sifive_test.h; Linux's syscon-poweroff node.
 */
#include "drivers/sifive_test.h"

#include "arch/irq.h"
#include "arch/time.h"
#include "drivers/mmio.h"
#include "drivers/resource.h"
#include "kernel/panic.h"
#include "lib/errno.h"

#define FINISHER_FAIL 0x3333
#define FINISHER_PASS 0x5555

#define FINISHER_STATUS_SHIFT 16
#define FINISHER_STATUS_MASK  0xffff
#define FINISHER_SIZE         4
#define FINISHER_WAIT_NS      1000000000UL

static void *finisher_regs; /* (i) */

static void finisher_store(uint32_t value)
{
    uint64_t start = time_ns();

    mmio_write32(finisher_regs, 0, value);
    io_barrier();
    while (time_ns() - start < FINISHER_WAIT_NS)
        cpu_relax();
}

static void finisher_power_off(int status)
{
    uint32_t code = (uint32_t)status & FINISHER_STATUS_MASK;

    finisher_store(code ? code << FINISHER_STATUS_SHIFT | FINISHER_FAIL : FINISHER_PASS);
}

int sifive_test_probe(const struct fdt *fdt, int node)
{
    if (finisher_regs)
        return -EBUSY;
    finisher_regs = resource_map(fdt, node, FINISHER_SIZE, 0, NULL);
    if (!finisher_regs)
        return -ENXIO;
    panic_set_power_off(finisher_power_off);
    return 0;
}
