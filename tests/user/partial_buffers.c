/* Buffers that are good up to a page's end: what was transferred is counted, and nothing beyond is
 * touched. */
#include "check.h"

/* Two pages, the second not mapped; the address `before` bytes ahead of the border. */
static char *border(size_t before)
{
    char *pages = pages_map(2);

    CHECK_OK(munmap(pages + PAGE, PAGE));
    return pages + PAGE - before;
}

static void pipe_writes_count(void)
{
    char *data = border(100), text[200];
    int ends[2];
    ssize_t n;

    CHECK_OK(pipe(ends));
    memset(data, 'd', 100);
    n = write(ends[1], data, 200); /* Linux: what fits the page, or nothing with EFAULT */
    CHECK(n == 100 || (n == -1 && errno == EFAULT), "%zd", n);
    if (n == 100) {
        CHECK_EQ(read(ends[0], text, sizeof(text)), 100);
        CHECK_EQ(byte_mismatch(text, 100, 'd'), -1);
    }
    CHECK_EQ(write(ends[1], data, 100), 100);
    CHECK_ERR(write(ends[1], data + 100, 1), EFAULT);
}

static void file_reads_count(void)
{
    int fd = REQUIRE(open(DATA "pattern", O_RDONLY));
    char *data = border(100);
    ssize_t n = read(fd, data, 4000);

    CHECK_EQ(n, 100);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), n);
    CHECK_EQ(pattern_mismatch(data, 100, 0), -1);
    data = border(PAGE);
    CHECK_EQ(pread(fd, data, 3 * PAGE, 10), PAGE);
    CHECK_EQ(pattern_mismatch(data, PAGE, 10), -1);
    CHECK_ERR(pread(fd, data + PAGE, 1, 0), EFAULT);
    CHECK_EQ(pread(fd, data + PAGE, 0, 0), 0);
    close(fd);
}

static void zero_reads_count(void)
{
    int fd = REQUIRE(open("/dev/zero", O_RDONLY));
    char *data = border(100);
    ssize_t n;

    memset(data, 1, 100);
    n = read(fd, data, 5000);
    CHECK(n == 100 || (n == -1 && errno == EFAULT), "%zd", n);
    CHECK_EQ(byte_mismatch(data, 100, 0), -1);
    close(fd);
}

static void structures_do_not_cross(void)
{
    struct stat *info = (struct stat *)border(sizeof(struct stat) - 8);

    CHECK_ERR(syscall(SYS_fstat, 0, info), EFAULT);
    info = (struct stat *)border(sizeof(struct stat));
    CHECK_OK(fstat(0, info));
}

/* A name that ends at the border is whole; one that runs over it is not. */
static void names_at_the_border(void)
{
    char *name = border(6);

    memcpy(name, "/data", 6);
    CHECK_OK(access(name, F_OK));
    name = border(5);
    memcpy(name, "/data", 5);
    CHECK_ERR(access(name, F_OK), EFAULT);
}

int main(void)
{
    pipe_writes_count();
    file_reads_count();
    zero_reads_count();
    structures_do_not_cross();
    names_at_the_border();
    return check_end();
}
