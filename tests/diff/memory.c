/* memory.c - private memory: what is in it, who sees a change, which accesses kill. */
#include "tests/diff/cases.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW   (PROT_READ | PROT_WRITE)

static char *memory;
static size_t at;

static char *map(size_t pages, int rights, int flags, int fd, off_t offset)
{
    return mmap(NULL, pages * PAGE, rights, flags, fd, offset);
}

static long failed(const void *address)
{
    return address == MAP_FAILED ? -1 : 0;
}

static int load(void)
{
    return ((volatile char *)memory)[at];
}

static int store(void)
{
    ((volatile char *)memory)[at] = 1;
    return 0;
}

static void say_access(const char *what, size_t where)
{
    at = where;
    dprintf(STDOUT_FILENO, "%s\n", what);
    say_child("  load", load);
    say_child("  store", store);
}

CASE(anonymous_is_zero)
{
    long sum = 0;

    memory = map(20, RW, ANON, -1, 0);
    for (size_t i = 0; i < 20 * PAGE; i++)
        sum += memory[i];
    say("sum", sum);
    say_address("first", memory);
    say_address("again", memory);
    say("aligned", (uintptr_t)memory % PAGE);
}

CASE(private_after_fork)
{
    pid_t pid;

    memory = map(2, RW, ANON, -1, 0);
    memory[0] = 'a';
    pid = must_fork();
    if (pid == 0) {
        memory[0]++;
        memory[PAGE] = 'z';
        _exit(memory[0]);
    }
    say_wait("child", pid);
    say("parent's", memory[0]);
    say("untouched", memory[PAGE]);
}

CASE(shared_after_fork)
{
    pid_t pid;

    memory = map(1, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid = must_fork();
    if (pid == 0) {
        memory[5] = 77;
        _exit(0);
    }
    say_wait("child", pid);
    say("seen", memory[5]);
}

CASE(file_is_copied_on_write)
{
    char text[20];
    int fd = open("/d/hello", O_RDONLY);

    memory = map(1, RW, MAP_PRIVATE, fd, 0);
    say_bytes("mapped", memory, 13);
    memcpy(memory, "HELLO", 5);
    say_bytes("changed", memory, 13);
    say_bytes("file", text, read(fd, text, sizeof(text)));
    say_bytes("another", map(1, PROT_READ, MAP_PRIVATE, fd, 0), 13);
    say("closed", close(fd));
    say_bytes("still", memory, 13);
}

CASE(file_ends_with_zeroes)
{
    long sum = 0;

    memory = map(5, PROT_READ, MAP_PRIVATE, open("/d/big", O_RDONLY), 0);
    for (size_t i = 20000; i < 5 * PAGE; i++)
        sum += memory[i];
    say("sum", sum);
    say_bytes("last", memory + 19990, 10);
    say_access("beyond", 5 * PAGE - 1);
}

CASE(file_at_an_offset)
{
    int fd = open("/d/big", O_RDONLY);

    memory = map(1, PROT_READ, MAP_PRIVATE, fd, PAGE);
    say_bytes("second page", memory, 30);
    say("odd offset", failed(map(1, PROT_READ, MAP_PRIVATE, fd, 100)));
    say("far beyond", failed(map(1, PROT_READ, MAP_PRIVATE, fd, 100 * PAGE)));
    say("negative", failed(map(1, PROT_READ, MAP_PRIVATE, fd, -4096)));
}

CASE(rights)
{
    memory = map(3, PROT_READ, ANON, -1, 0);
    say_access("read", 0);
    say("none", mprotect(memory, PAGE, PROT_NONE));
    say_access("none", 0);
    say_access("next", PAGE);
    say("write", mprotect(memory, 2 * PAGE, RW));
    say_access("write", PAGE);
    say("execute", mprotect(memory, PAGE, PROT_EXEC));
    say_access("execute", 0);
}

CASE(mprotect_refuses)
{
    memory = map(3, RW, ANON, -1, 0);
    munmap(memory + PAGE, PAGE);
    say("odd address", mprotect(memory + 1, PAGE, PROT_READ));
    say("a hole", mprotect(memory, 3 * PAGE, PROT_READ));
    say("nothing", mprotect(memory, 0, PROT_READ));
    say("rights", mprotect(memory, PAGE, 0x70));
    say("wraps", mprotect(memory, (size_t)-PAGE, PROT_READ));
    say_access("before the hole", 0);
}

CASE(munmap_in_the_middle)
{
    memory = map(3, RW, ANON, -1, 0);
    memset(memory, 1, 3 * PAGE);
    say("unmap", munmap(memory + PAGE, PAGE));
    say_access("before", PAGE - 1);
    say_access("hole", PAGE);
    say_access("after", 2 * PAGE);
    say("again", munmap(memory + PAGE, PAGE));
    say("odd", munmap(memory + 1, PAGE));
    say("nothing", munmap(memory, 0));
    say("wraps", munmap(memory, (size_t)-1));
    say("part of a page", munmap(memory + 2 * PAGE, 1));
    say_access("after", 2 * PAGE);
}

CASE(mmap_refuses)
{
    int fd = open("/d/hello", O_RDONLY), ends[2];

    pipe(ends);
    say("length", failed(mmap(NULL, 0, RW, ANON, -1, 0)));
    say("huge", failed(mmap(NULL, 1UL << 46, RW, ANON, -1, 0)));
    say("kind", failed(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0)));
    say("descriptor", failed(mmap(NULL, PAGE, RW, MAP_PRIVATE, 99, 0)));
    say("shared write", failed(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0)));
    say("folder", failed(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("/d/dir", O_RDONLY), 0)));
    say("pipe", failed(mmap(NULL, PAGE, RW, MAP_PRIVATE, ends[0], 0)));
    say("fixed odd", failed(mmap((void *)0x10000001, PAGE, RW, ANON | MAP_FIXED, -1, 0)));
    say("fixed in the kernel", failed(mmap((void *)-PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0)));
}

CASE(fixed_replaces)
{
    memory = map(3, RW, ANON, -1, 0);
    memset(memory, 'x', 3 * PAGE);
    say("over", mmap(memory + PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0) == memory + PAGE);
    say("before", memory[PAGE - 1]);
    say("new", memory[PAGE]);
    say("after", memory[2 * PAGE]);
    say("noreplace", failed(mmap(memory, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0)));
    munmap(memory, PAGE);
    say("free", mmap(memory, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == memory);
    say("hint", mmap((void *)0x20000000, PAGE, RW, ANON, -1, 0) == (void *)0x20000000);
}

CASE(program_break)
{
    char *start = sbrk(0);

    say("grow", sbrk(3 * PAGE) == start);
    memset(start, 'b', 3 * PAGE);
    say("shrink", sbrk(-(long)(2 * PAGE)) == start + 3 * PAGE);
    memory = start;
    say_access("kept", 0);
    sbrk(2 * PAGE);
    say("fresh", start[3 * PAGE - 1]);
    say("too much", sbrk(1L << 45) == (void *)-1);
}

CASE(dont_need)
{
    memory = map(2, RW, ANON, -1, 0);
    memset(memory, 'd', 2 * PAGE);
    say("advice", madvise(memory, PAGE, MADV_DONTNEED));
    say("gone", memory[0]);
    say("kept", memory[PAGE]);
    say("unknown", madvise(memory, PAGE, 9999));
    say("odd", madvise(memory + 1, PAGE, MADV_DONTNEED));
    munmap(memory, PAGE);
    say("hole", madvise(memory, PAGE, MADV_DONTNEED));
}

CASE(kernel_reads_user_memory)
{
    int null = open("/dev/null", O_WRONLY), ends[2];

    pipe(ends);
    memory = map(2, PROT_READ, ANON, -1, 0);
    say("untouched", write(ends[1], memory, 2 * PAGE));
    munmap(memory + PAGE, PAGE);
    say("half gone", write(ends[1], memory + PAGE - 10, 20));
    say("null does not look", write(null, memory + PAGE, 20));
    say("into read-only", read(open("/d/hello", O_RDONLY), memory, 5));
}

CASE(many_mappings)
{
    long different = 0;
    char *last = NULL;

    for (int i = 0; i < 200; i++) {
        char *one = map(1, i % 2 ? PROT_READ : RW, ANON, -1, 0);

        different += one != last && one != MAP_FAILED;
        last = one;
    }
    say("different", different);
}

CASE(allocations)
{
    char *small = malloc(100), *large = malloc(1 << 20);

    memset(large, 7, 1 << 20);
    say("large", large[(1 << 20) - 1]);
    large = realloc(large, 4 << 20);
    say("moved", large[1000]);
    say("fresh is zero", ((char *)calloc(1 << 20, 1))[5000]);
    free(small);
    free(large);
    say("huge", malloc(1UL << 46) == NULL);
}
