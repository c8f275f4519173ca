/* Five thousand mappings that cannot merge, made, listed, found, half of them unmapped, and all
 * gone. */
#include "check.h"

#define COUNT 5000

/* The lines of /proc/self/maps that lie in the area. */
static int lines_within(char *area)
{
    FILE *file = fopen("/proc/self/maps", "r");
    unsigned long start, end;
    char text[512];
    int count = 0;

    while (file && fgets(text, sizeof(text), file))
        if (sscanf(text, "%lx-%lx", &start, &end) == 2 && start >= (unsigned long)area &&
            end <= (unsigned long)area + COUNT * PAGE)
            count++;
    if (file)
        fclose(file);
    return count;
}

int main(void)
{
    char *area = REQUIRE((char *)mmap(NULL, (COUNT + 2) * PAGE, PROT_NONE, ANON, -1, 0));

    area += PAGE;
    for (int i = 0; i < COUNT; i++)
        CHECK_OK(mprotect(area + i * PAGE, PAGE, i % 2 ? RW : PROT_READ));
    CHECK_EQ(lines_within(area), COUNT);
    for (int i = 1; i < COUNT; i += 2)
        *(int *)(area + i * PAGE) = i;
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(*(int *)(area + i * PAGE), i % 2 ? i : 0);
    for (int i = 0; i < COUNT; i += 2)
        CHECK_OK(munmap(area + i * PAGE, PAGE));
    CHECK_EQ(lines_within(area), COUNT / 2);
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(byte_is_readable(area + i * PAGE), i % 2);
    CHECK_OK(munmap(area, COUNT * PAGE));
    CHECK_EQ(lines_within(area), 0);
    return check_end();
}
