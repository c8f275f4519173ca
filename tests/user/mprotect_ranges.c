/* mprotect splits, changes and joins: rights change exactly where asked, contents never. */
#include "check.h"

#define COUNT 6

static void expect_rights(char *area, const char *rights)
{
    for (int i = 0; i < COUNT; i++) {
        int load = child_run(touch_load, area + i * PAGE);
        int store = child_run(touch_store, area + i * PAGE + 1);

        if (rights[i] == '-')
            CHECK_KILLED(load, SIGSEGV);
        else
            CHECK_EXIT(load, 0);
        if (rights[i] == 'w')
            CHECK_EXIT(store, 0);
        else
            CHECK_KILLED(store, SIGSEGV);
    }
}

/* The number of lines of maps that cover the area. */
static int lines_of(char *area)
{
    struct map_line line;
    int count = 0;

    for (char *at = area; at < area + COUNT * PAGE; at = (char *)line.end, count++)
        if (!map_line_find(at, &line))
            return -1;
    return count;
}

static void middle_splits_and_joins(void)
{
    char *area = mmap(NULL, (COUNT + 2) * PAGE, PROT_NONE, ANON, -1, 0);

    area += PAGE; /* neighbours of other rights, so that the area is a mapping of its own */
    CHECK_OK(mprotect(area, COUNT * PAGE, RW));
    for (int i = 0; i < COUNT; i++)
        memset(area + i * PAGE, i + 1, PAGE);
    CHECK_EQ(lines_of(area), 1);
    CHECK_OK(mprotect(area + 2 * PAGE, PAGE, PROT_READ));
    CHECK_EQ(lines_of(area), 3);
    expect_rights(area, "wwrwww");
    CHECK_OK(mprotect(area + 3 * PAGE, 2 * PAGE, PROT_NONE));
    expect_rights(area, "wwr--w");
    CHECK_EQ(lines_of(area), 4);
    CHECK_OK(mprotect(area + 1 * PAGE, 3 * PAGE, PROT_READ));
    expect_rights(area, "wrrr-w");
    CHECK_OK(mprotect(area, COUNT * PAGE, RW));
    CHECK_EQ(lines_of(area), 1);
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(byte_mismatch(area + i * PAGE, PAGE, i + 1), -1);
}

/* A page never touched, one read and one written: each obeys new rights. */
static void untouched_read_and_written_pages(void)
{
    char *area = pages_map(COUNT);

    touch_load(area + PAGE);
    touch_store(area + 2 * PAGE);
    CHECK_OK(mprotect(area, 3 * PAGE, PROT_READ));
    CHECK_KILLED(child_run(touch_store, area), SIGSEGV);
    CHECK_KILLED(child_run(touch_store, area + PAGE), SIGSEGV);
    CHECK_KILLED(child_run(touch_store, area + 2 * PAGE), SIGSEGV);
    CHECK_OK(mprotect(area, 3 * PAGE, RW));
    for (int i = 0; i < 3; i++)
        touch_store(area + i * PAGE);
    CHECK_EQ(area[PAGE], 1);
}

static void a_file_mapping_may_become_writable(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY));
    char *map = REQUIRE((char *)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));

    CHECK_KILLED(child_run(touch_store, map), SIGSEGV);
    CHECK_OK(mprotect(map, PAGE, RW));
    map[0] = 'x';
    CHECK_EQ(pattern_mismatch(map + 1, PAGE - 1, 1), -1);
    CHECK_OK(mprotect(map, PAGE, PROT_READ));
    CHECK_EQ(map[0], 'x');
    close(fd);
}

int main(void)
{
    middle_splits_and_joins();
    untouched_read_and_written_pages();
    a_file_mapping_may_become_writable();
    return check_end();
}
