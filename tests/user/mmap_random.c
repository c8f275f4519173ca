/*
 * Twenty thousand random mmap, munmap, mprotect, stores and loads over 64 pages, compared with a
 * model that knows for each page whether it is mapped, writable, and what it holds; forks now and
 * then.
 */
#include "check.h"

#define COUNT  64
#define ROUNDS 20000

struct page {
    bool mapped, writable, readable;
    unsigned char value;
};

static struct page model[COUNT];
static char *area;
static uint64_t seed = 0x2545f4914f6cdd1d;

static unsigned random_below(unsigned limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 20) % limit;
}

static void range_map(int from, int to)
{
    static const int rights[] = {PROT_NONE, PROT_READ, RW, RW};
    int right = rights[random_below(4)];

    CHECK_EQ(mmap(area + from * PAGE, (to - from) * PAGE, right, ANON | MAP_FIXED, -1, 0),
             area + from * PAGE);
    for (int i = from; i < to; i++)
        model[i] = (struct page){true, right == RW, right != PROT_NONE, 0};
}

static void range_unmap(int from, int to)
{
    CHECK_OK(munmap(area + from * PAGE, (to - from) * PAGE));
    for (int i = from; i < to; i++)
        model[i] = (struct page){0};
}

static void range_protect(int from, int to)
{
    bool writable = random_below(3) > 0;
    int end = from;

    while (end < to && model[end].mapped)
        end++;
    errno = 0;
    CHECK_EQ(mprotect(area + from * PAGE, (to - from) * PAGE, writable ? RW : PROT_READ),
             end == to ? 0 : -1);
    CHECK_EQ(errno, end == to ? 0 : ENOMEM);
    for (int i = from; i < end; i++) {
        model[i].writable = writable;
        model[i].readable = true;
    }
}

static void pages_touch(int from, int to)
{
    for (int i = from; i < to; i++) {
        if (model[i].readable)
            CHECK_EQ((unsigned char)area[i * PAGE + i], model[i].value);
        if (model[i].writable)
            area[i * PAGE + i] = model[i].value = random_below(256);
        if (!model[i].readable)
            CHECK(!byte_is_readable(area + i * PAGE));
    }
}

static void everything_matches(void *unused)
{
    (void)unused;
    pages_touch(0, COUNT);
    pages_touch(0, COUNT);
}

int main(void)
{
    area = pages_map(COUNT + 2);
    CHECK_OK(munmap(area, (COUNT + 2) * PAGE));
    area += PAGE;
    for (int round = 0; round < ROUNDS && !check_failures; round++) {
        int from = random_below(COUNT), to = from + 1 + random_below(COUNT - from);

        switch (random_below(4)) {
        case 0:
            range_map(from, to);
            break;
        case 1:
            range_unmap(from, to);
            break;
        case 2:
            range_protect(from, to);
            break;
        default:
            pages_touch(from, to);
        }
        if (round % 500 == 0)
            CHECK_EXIT(child_run(everything_matches, NULL), 0);
    }
    everything_matches(NULL);
    return check_end();
}
