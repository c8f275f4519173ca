/*
 * The Goldfish clock: nanoseconds since 1970 in two registers; reading the low one latches the
 * high one. Its alarm is not used.
 * Source: QEMU, hw/rtc/goldfish_rtc.c; Android's GOLDFISH-VIRTUAL-HARDWARE.TXT.
 */
#include "drivers/rtc_goldfish.h"

#include "drivers/mmio.h"
#include "drivers/resource.h"
#include "drivers/rtc.h"
#include "lib/errno.h"

#define GOLDFISH_TIME_LOW  0x00
#define GOLDFISH_TIME_HIGH 0x04
#define GOLDFISH_SIZE      0x08

int rtc_goldfish_probe(const struct fdt *fdt, int node)
{
    void *regs = resource_map(fdt, node, GOLDFISH_SIZE, 0, NULL);
    uint64_t low, high;

    if (!regs)
        return -ENXIO;
    low = mmio_read32(regs, GOLDFISH_TIME_LOW);
    high = mmio_read32(regs, GOLDFISH_TIME_HIGH);
    rtc_set_now(high << 32 | low);
    return 0;
}
