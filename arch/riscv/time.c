/*
 * Ticks to nanoseconds by one multiplication with a 32.32 fixed-point factor, so that time never
 * runs backwards and needs no division.
 */
#include "arch/riscv/time.h"

#include "arch/riscv/csr.h"
#include "arch/riscv/sbi.h"
#include "lib/time_units.h"

static uint64_t ns_per_tick; /* 32.32 */
static uint64_t tick_per_ns; /* 0.64, rounded up */
static bool have_sstc;

void time_init(uint32_t hz, bool sstc)
{
    ns_per_tick = (NSEC_PER_SEC << 32) / hz;
    tick_per_ns = (uint64_t)hz * (UINT64_MAX / NSEC_PER_SEC) + hz;
    have_sstc = sstc;
}

void time_set_alarm(uint64_t ticks)
{
    if (have_sstc)
        csr_write(CSR_STIMECMP, ticks);
    else
        sbi_set_timer(ticks);
}

static uint64_t ticks_to_ns(uint64_t ticks)
{
    return (uint64_t)((unsigned __int128)ticks * ns_per_tick >> 32);
}

uint64_t ns_to_ticks(uint64_t ns)
{
    if (ns == UINT64_MAX)
        return UINT64_MAX;
    return (uint64_t)((unsigned __int128)ns * tick_per_ns >> 64) + 1;
}

uint64_t time_ns(void)
{
    return ticks_to_ns(time_ticks());
}
