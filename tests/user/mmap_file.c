/* Private mappings of a file: its bytes, zeros after its end, SIGBUS past its last page, copies on
 * a store. */
#include "check.h"

#define SHORT_SIZE 5000
#define LONG_SIZE  (MIB + 123)

static void shows_the_file_and_zeros_after_it(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY));
    char *map = REQUIRE((char *)mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0));

    close(fd); /* the mapping holds the file */
    CHECK_EQ(pattern_mismatch(map, SHORT_SIZE, 0), -1);
    CHECK_EQ(byte_mismatch(map + SHORT_SIZE, 2 * PAGE - SHORT_SIZE, 0), -1);
    CHECK_KILLED(child_run(touch_load, map + 2 * PAGE), SIGBUS);
    CHECK_KILLED(child_run(touch_load, map + 4 * PAGE - 1), SIGBUS);
    CHECK(!byte_is_readable(map + 2 * PAGE));
    CHECK_OK(munmap(map, 4 * PAGE));
}

static void offsets_choose_the_page(void)
{
    int fd = REQUIRE(open(DATA "pattern", O_RDONLY));
    unsigned long offset;
    char *map;

    for (unsigned long page = 0; page <= LONG_SIZE / PAGE; page += 17) {
        offset = page * PAGE;
        map = REQUIRE((char *)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, offset));
        CHECK_EQ(pattern_mismatch(map, page == LONG_SIZE / PAGE ? 123 : PAGE, offset), -1);
        CHECK_OK(munmap(map, PAGE));
    }
    map = REQUIRE((char *)mmap(NULL, LONG_SIZE, PROT_READ, MAP_PRIVATE, fd, 0));
    CHECK_EQ(pattern_mismatch(map, LONG_SIZE, 0), -1);
    CHECK_OK(munmap(map + 16 * PAGE, 100 * PAGE));
    CHECK_EQ(pattern_mismatch(map + 116 * PAGE, LONG_SIZE - 116 * PAGE, 116 * PAGE), -1);
    CHECK_OK(munmap(map, LONG_SIZE));
    close(fd);
}

/* A store goes to this mapping's own copy: the file and other mappings of it never see it. */
static void stores_stay_private(void)
{
    int fd = REQUIRE(open(DATA "pattern", O_RDONLY));
    unsigned char *mine = REQUIRE(mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE, fd, 0));
    unsigned char *other = REQUIRE(mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE, fd, 0));
    unsigned char read_back[PAGE];

    touch_load(mine + PAGE); /* seen first, stored to later; and stored to at once */
    mine[PAGE] ^= 0xff;
    mine[3 * PAGE + 5] ^= 0xff;
    CHECK_EQ(mine[PAGE], pattern_byte(PAGE) ^ 0xff);
    CHECK_EQ(mine[3 * PAGE + 5], pattern_byte(3 * PAGE + 5) ^ 0xff);
    CHECK_EQ(pattern_mismatch(mine + PAGE + 1, PAGE - 1, PAGE + 1), -1);
    CHECK_EQ(pattern_mismatch(other, 8 * PAGE, 0), -1);
    for (int page = 0; page < 8; page++) {
        CHECK_EQ(pread(fd, read_back, PAGE, page * PAGE), PAGE);
        CHECK_EQ(pattern_mismatch(read_back, PAGE, page * PAGE), -1);
    }
    close(fd);
}

/* The zeros after the end belong to the mapping: stores there are private too. */
static void the_tail_is_private(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY));
    char *map = REQUIRE((char *)mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0));
    char *again;

    memset(map + SHORT_SIZE, 'x', 2 * PAGE - SHORT_SIZE);
    again = REQUIRE((char *)mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
    CHECK_EQ(byte_mismatch(again + SHORT_SIZE, 2 * PAGE - SHORT_SIZE, 0), -1);
    CHECK_EQ(byte_mismatch(map + SHORT_SIZE, 2 * PAGE - SHORT_SIZE, 'x'), -1);
    close(fd);
}

static void an_empty_file_has_no_page(void)
{
    int fd = REQUIRE(open(DATA "empty", O_RDONLY));
    char *map = REQUIRE((char *)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));

    CHECK_KILLED(child_run(touch_load, map), SIGBUS);
    close(fd);
}

/* /dev/zero maps as anonymous memory does. */
static void dev_zero_gives_zeros(void)
{
    int fd = REQUIRE(open("/dev/zero", O_RDWR));
    char *map = REQUIRE((char *)mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE, fd, 0));

    CHECK_EQ(byte_mismatch(map, 3 * PAGE, 0), -1);
    map[PAGE] = 1;
    CHECK_EQ(map[PAGE], 1);
    close(fd);
}

int main(void)
{
    shows_the_file_and_zeros_after_it();
    offsets_choose_the_page();
    stores_stay_private();
    the_tail_is_private();
    an_empty_file_has_no_page();
    dev_zero_gives_zeros();
    return check_end();
}
