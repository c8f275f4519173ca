/*
 * An idle hart takes fewer than two interrupts a second: while this program sleeps for four
 * seconds, the count of /proc/stat grows by less than twice that for each hart. (A Linux machine
 * has more to do.)
 */
#include "../user/check.h"

#define SECONDS 4

static long harts_count(void)
{
    static char text[65536];
    long count = 0;

    CHECK(file_read("/proc/stat", text, sizeof(text)) > 0);
    for (char *at = text; (at = strstr(at, "\ncpu")); at++)
        count++;
    return count;
}

int main(void)
{
    long harts = harts_count(), before = proc_number("/proc/stat", "intr "), taken;

    CHECK(harts >= 1 && before > 0);
    milliseconds_sleep(SECONDS * 1000);
    taken = proc_number("/proc/stat", "intr ") - before;
    CHECK(taken < 2 * SECONDS * harts, "%ld interrupts on %ld harts in %d seconds", taken, harts,
          SECONDS);
    return check_end();
}
