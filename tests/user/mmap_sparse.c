/* Memory that is not touched costs nothing: 64 MiB mapped, 64 pages touched, and MemFree tells. */
#include "check.h"

#define PAGES 64

int main(void)
{
    long before, after;
    char *area;

    memory_free_kib(); /* its own buffers come first */
    before = memory_free_kib();
    area = pages_map(64 * MIB / PAGE);
    for (size_t i = 0; i < PAGES; i++) {
        CHECK_EQ(area[i * MIB + MIB / 2], 0);
        *(size_t *)(area + i * MIB) = i + 1;
    }
    for (size_t i = 0; i < PAGES; i++)
        CHECK_EQ(*(size_t *)(area + i * MIB), i + 1);
    after = memory_free_kib();
    /* 64 pages, the tables for them, and a little of everybody else's. */
    CHECK(before - after < 4096, "MemFree went from %ld to %ld KiB", before, after);
    CHECK_OK(munmap(area, 64 * MIB));
    CHECK(!byte_is_readable(area));
    return check_end();
}
