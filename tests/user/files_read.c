/* Reading files: read, pread, readv, lseek with its whences, ends, holes, and a file of over 4 GiB.
 */
#include "check.h"

#include <sys/uio.h>

#define SHORT_SIZE 5000
#define LONG_SIZE  (MIB + 123)

/* Pieces of many sizes and offsets, by read and by pread. */
static void pieces_are_right(void)
{
    static const size_t sizes[] = {1, 7, 512, 4095, 4096, 4097, 65536, 300000};
    static unsigned char data[300000];
    int fd = REQUIRE(open(DATA "pattern", O_RDONLY));
    size_t at, size;
    ssize_t n;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        size = sizes[i];
        CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
        for (at = 0; size >= 512 && (n = read(fd, data, size)) > 0; at += n)
            CHECK_EQ(pattern_mismatch(data, n, at), -1);
        if (size >= 512)
            CHECK_EQ(at, LONG_SIZE);
        for (at = 13; at < LONG_SIZE; at += 99991) {
            n = CHECK_OK(pread(fd, data, size, at));
            CHECK_EQ(n, at + size > LONG_SIZE ? LONG_SIZE - at : size);
            CHECK_EQ(pattern_mismatch(data, n, at), -1);
        }
    }
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), LONG_SIZE); /* pread moves nothing */
    CHECK_EQ(read(fd, data, 1), 0);
    CHECK_EQ(pread(fd, data, 1, LONG_SIZE), 0);
    CHECK_EQ(pread(fd, data, 1, 1L << 40), 0);
    CHECK_EQ(read(fd, data, 0), 0);
    close(fd);
}

static void seeking(void)
{
    int fd = REQUIRE(open(DATA "short", O_RDONLY));
    char byte;

    CHECK_EQ(lseek(fd, -1, SEEK_END), SHORT_SIZE - 1);
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ((unsigned char)byte, pattern_byte(SHORT_SIZE - 1));
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_EQ(lseek(fd, 10, SEEK_SET), 10);
    CHECK_EQ(lseek(fd, 5, SEEK_CUR), 15);
    CHECK_EQ(lseek(fd, -15, SEEK_CUR), 0);
    CHECK_EQ(lseek(fd, 1L << 40, SEEK_SET), 1L << 40); /* past the end is allowed */
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_ERR(lseek(fd, -SHORT_SIZE - 1, SEEK_END), EINVAL);
    CHECK_ERR(lseek(fd, 0, 99), EINVAL);
    CHECK_ERR(lseek(999, 0, SEEK_SET), EBADF);
    CHECK_ERR(pread(fd, &byte, 1, -1), EINVAL);
    CHECK_ERR(pread(999, &byte, 1, 0), EBADF);
    close(fd);
}

static void vectors(void)
{
    unsigned char a[3], b[5000], c[10];
    struct iovec parts[4] = {{a, 3}, {NULL, 0}, {b, 4090}, {c, 10}};
    int fd = REQUIRE(open(DATA "short", O_RDONLY));

    CHECK_EQ(readv(fd, parts, 4), 4103);
    CHECK_EQ(pattern_mismatch(a, 3, 0), -1);
    CHECK_EQ(pattern_mismatch(b, 4090, 3), -1);
    CHECK_EQ(pattern_mismatch(c, 10, 4093), -1);
    CHECK_EQ(readv(fd, parts, 4), SHORT_SIZE - 4103); /* ends in the third */
    CHECK_EQ(pattern_mismatch(b, SHORT_SIZE - 4106, 4106), -1);
    CHECK_EQ(readv(fd, parts, 0), 0);
    CHECK_ERR(syscall(SYS_readv, fd, parts, 1025L), EINVAL);
    CHECK_ERR(syscall(SYS_readv, fd, parts, -1L), EINVAL);
    parts[0].iov_len = -1UL;
    CHECK_ERR(readv(fd, parts, 1), EINVAL);
    close(fd);
}

/* Every kind of block pointer of ext2, and the holes between. */
static void sparse_file(void)
{
    static const uint64_t blocks[] = {
        0, 11, 12, 1035, 1036, 1036 + 1048575UL, 1036 + 1048576UL, 1036 + 1053576UL};
    int fd = REQUIRE(open(DATA "sparse", O_RDONLY));
    uint64_t page[512];

    CHECK_EQ(lseek(fd, 0, SEEK_END), (1036 + 1053576L + 100) * 4096 + 77);
    for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
        CHECK_EQ(pread(fd, page, PAGE, blocks[i] * PAGE), PAGE);
        for (int word = 0; word < 512; word++)
            CHECK_EQ(page[word], blocks[i]);
    }
    for (uint64_t block = 1; block < 1050000; block = block * 3 + 4) {
        CHECK_EQ(pread(fd, page, PAGE, block * PAGE), PAGE);
        if (block != 11 && block != 1035 && block != 12)
            CHECK_EQ(byte_mismatch(page, PAGE, 0), -1);
    }
    CHECK_EQ(pread(fd, page, PAGE, (1036 + 1053576L + 100) * 4096), 77);
    close(fd);
}

static void wrong_things(void)
{
    int folder = REQUIRE(open(DATA, O_RDONLY)), file = REQUIRE(open(DATA "short", O_RDONLY));
    int path = REQUIRE(open(DATA "short", O_PATH));
    char text[8];

    CHECK_ERR(read(folder, text, 1), EISDIR);
    CHECK_ERR(pread(folder, text, 1, 0), EISDIR);
    CHECK_ERR(write(file, text, 1), EBADF);
    CHECK_ERR(read(path, text, 1), EBADF);
    CHECK_ERR(read(-1, text, 1), EBADF);
    CHECK_ERR(read(1 << 20, text, 1), EBADF);
    CHECK_ERR(write(999, text, 1), EBADF);
    CHECK_ERR(syscall(SYS_getdents64, file, text, 8), ENOTDIR);
    CHECK_ERR(fchdir(file), ENOTDIR);
    close(folder);
    close(file);
    close(path);
}

int main(void)
{
    pieces_are_right();
    seeking();
    vectors();
    sparse_file();
    wrong_things();
    return check_end();
}
