/*
 * What time it is. The time at power-on is the clock's less what has passed since; a clock that
 * shows less than that was never set and counts as none.
 */
#include "drivers/rtc.h"

#include "arch/time.h"

static uint64_t rtc_boot_ns; /* (i) 0: no clock */

void rtc_set_now(uint64_t now_ns)
{
    uint64_t since_boot = time_ns();

    if (rtc_boot_ns == 0 && now_ns > since_boot)
        rtc_boot_ns = now_ns - since_boot;
}

uint64_t rtc_boot_time_ns(void)
{
    return rtc_boot_ns;
}
