/* What mmap and munmap refuse, each with the errno of mmap(2), and nothing changed by it. */
#include "check.h"

struct refused {
    const char *what;
    unsigned long address, length, flags;
    const char *path; /* NULL: no file; "closed": a descriptor that is not open */
    unsigned long offset;
    int open_flags, rights, error;
};

#define FIXED (ANON | MAP_FIXED)

static const struct refused table[] = {
    {"no length", 0, 0, ANON, NULL, 0, 0, RW, EINVAL},
    {"neither shared nor private", 0, PAGE, MAP_ANONYMOUS, NULL, 0, 0, RW, EINVAL},
    {"length of everything", 0, -1UL, ANON, NULL, 0, 0, RW, ENOMEM},
    {"length that rounds up to nothing", 0, -4095UL, ANON, NULL, 0, 0, RW, ENOMEM},
    {"more than the address space", 0, 1UL << 47, ANON, NULL, 0, 0, RW, ENOMEM},
    {"fixed and not aligned", 0x10000001, PAGE, FIXED, NULL, 0, 0, RW, EINVAL},
    {"fixed and over the top", -2 * PAGE, 4 * PAGE, FIXED, NULL, 0, 0, RW, ENOMEM},
    {"offset not aligned", 0, PAGE, MAP_PRIVATE, DATA "short", 100, O_RDONLY, PROT_READ, EINVAL},
    {"offset wraps", 0, 2 * PAGE, MAP_PRIVATE, DATA "short", -PAGE, O_RDONLY, PROT_READ, EOVERFLOW},
    {"descriptor not open", 0, PAGE, MAP_PRIVATE, "closed", 0, 0, PROT_READ, EBADF},
    {"a folder", 0, PAGE, MAP_PRIVATE, DATA, 0, O_RDONLY, PROT_READ, ENODEV},
    {"a null device", 0, PAGE, MAP_PRIVATE, "/dev/null", 0, O_RDONLY, PROT_READ, ENODEV},
    {"no right to read the file", 0, PAGE, MAP_PRIVATE, "/dev/null", 0, O_WRONLY, PROT_READ,
     EACCES},
    {"shared writing of a file opened to read", 0, PAGE, MAP_SHARED, DATA "short", 0, O_RDONLY, RW,
     EACCES},
    {"a path only", 0, PAGE, MAP_PRIVATE, DATA "short", 0, O_PATH, PROT_READ, EBADF},
};

static void refuse(const struct refused *row)
{
    int fd = -1;
    void *result;

    if (row->path && strcmp(row->path, "closed") != 0) {
        fd = open(row->path, row->open_flags);
        CHECK(fd >= 0, "%s: %s", row->path, strerror(errno));
    }
    errno = 0;
    result = mmap((void *)row->address, row->length, row->rights, row->flags, fd, row->offset);
    if (result != MAP_FAILED || errno != row->error)
        CHECK_FAILED("refused", "%s: %p (%s), wanted %s", row->what, result, strerrorname_np(errno),
                     strerrorname_np(row->error));
    if (fd >= 0)
        close(fd);
}

static void munmap_refuses(void)
{
    char *pages = pages_map(2);

    CHECK_ERR(munmap(pages, 0), EINVAL);
    CHECK_ERR(munmap(pages + 1, PAGE), EINVAL);
    CHECK_ERR(munmap(pages, -1UL), EINVAL);
    CHECK_ERR(munmap(pages, 1UL << 62), EINVAL);
    CHECK_ERR(munmap((void *)-PAGE, PAGE), EINVAL);
    CHECK_ERR(munmap(pages, -PAGE), EINVAL);
    pages[PAGE] = 1;
    CHECK_OK(munmap(pages, 2 * PAGE));
    CHECK_OK(munmap(pages, 2 * PAGE)); /* nothing there is no error */
}

int main(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        refuse(&table[i]);
    munmap_refuses();
    return check_end();
}
