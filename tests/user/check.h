/*
 * What every test program of this folder starts from.
 *
 * A program checks promises with the CHECK macros, each of which prints one line when its promise
 * is broken and goes on; it ends with `return check_end()`, 0 when all held. Work that may end a
 * process runs in a child: child_run() gives its wait status. Nothing here is buffered, so that
 * what was printed before a fork or a crash comes out once. Everything also runs on Linux.
 */
#ifndef TESTS_USER_CHECK_H
#define TESTS_USER_CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wformat-zero-length"

#define PAGE           4096UL
#define ANON           (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW             (PROT_READ | PROT_WRITE)
#define DATA           "/data/" /* what make_data.py made */
#define MIB            (1024UL * 1024)
#define KERNEL_ADDRESS ((void *)-65536L)

static int check_failures;

/* Prints one line: where, the broken promise, and what the format adds. */
static inline __attribute__((format(printf, 4, 5))) void
check_failed(const char *file, int line, const char *promise, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    int used = snprintf(text, sizeof(text) / 2, "%s:%d: %s: ", file, line, promise);

    if (used > (int)sizeof(text) / 2)
        used = sizeof(text) / 2;
    va_start(arguments, format);
    used += vsnprintf(text + used, sizeof(text) - used - 1, format, arguments);
    va_end(arguments);
    if (used > (int)sizeof(text) - 2)
        used = sizeof(text) - 2;
    text[used++] = '\n';
    if (write(STDOUT_FILENO, text, used) != used)
        _exit(99);
    check_failures++;
}

#define CHECK_FAILED(promise, ...) check_failed(__FILE_NAME__, __LINE__, promise, "" __VA_ARGS__)

/* The condition holds; a format with arguments may say more. */
#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            CHECK_FAILED(#condition, __VA_ARGS__);                                                 \
    } while (0)

/* Both are the same integer. */
#define CHECK_EQ(have, want)                                                                       \
    do {                                                                                           \
        long have_ = (long)(have), want_ = (long)(want);                                           \
        if (have_ != want_)                                                                        \
            CHECK_FAILED(#have " == " #want, "%ld, wanted %ld (%#lx, %#lx)", have_, want_, have_,  \
                         want_);                                                                   \
    } while (0)

/* The call does not return -1; gives what it returned. */
#define CHECK_OK(call)                                                                             \
    ({                                                                                             \
        errno = 0;                                                                                 \
        __auto_type result_ = (call);                                                              \
        if ((long)result_ == -1)                                                                   \
            CHECK_FAILED(#call, "%s", strerror(errno));                                            \
        result_;                                                                                   \
    })

/* As CHECK_OK, for what the rest cannot do without. */
#define REQUIRE(call)                                                                              \
    ({                                                                                             \
        int before_ = check_failures;                                                              \
        __auto_type kept_ = CHECK_OK(call);                                                        \
        if (check_failures != before_)                                                             \
            _exit(1);                                                                              \
        kept_;                                                                                     \
    })

/* The call returns -1 with this errno. */
#define CHECK_ERR(call, error)                                                                     \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long result_ = (long)(call);                                                               \
        int errno_ = errno;                                                                        \
        if (result_ != -1 || errno_ != (error))                                                    \
            CHECK_FAILED(#call, "%ld (%s), wanted -1 with " #error, result_,                       \
                         strerrorname_np(errno_));                                                 \
    } while (0)

/* A child that ended by itself with this code, or that this signal killed. */
#define CHECK_EXIT(status, code)                                                                   \
    do {                                                                                           \
        int status_ = (status);                                                                    \
        if (!WIFEXITED(status_) || WEXITSTATUS(status_) != (code))                                 \
            CHECK_FAILED(#status, "wait status %#x, wanted exit %d", status_, (int)(code));        \
    } while (0)
#define CHECK_KILLED(status, number)                                                               \
    do {                                                                                           \
        int status_ = (status);                                                                    \
        if (!WIFSIGNALED(status_) || WTERMSIG(status_) != (number))                                \
            CHECK_FAILED(#status, "wait status %#x, wanted signal %d", status_, (int)(number));    \
    } while (0)

static inline int check_end(void)
{
    return check_failures ? 1 : 0;
}

/* Ends a child: 1 when it found a broken promise. */
static inline __attribute__((noreturn)) void child_end(void)
{
    _exit(check_failures ? 1 : 0);
}

/* The wait status of the process. */
static inline int child_wait(pid_t child)
{
    int status = -1;

    CHECK_EQ(waitpid(child, &status, 0), child);
    return status;
}

/* Starts work(argument) in a child, which ends as child_end() does. */
static inline pid_t child_start(void (*work)(void *), void *argument)
{
    pid_t child = REQUIRE(fork());

    if (child == 0) {
        check_failures = 0;
        work(argument);
        child_end();
    }
    return child;
}

static inline int child_run(void (*work)(void *), void *argument)
{
    return child_wait(child_start(work, argument));
}

static inline void milliseconds_sleep(long milliseconds)
{
    struct timespec span = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    while (nanosleep(&span, &span) && errno == EINTR)
        ;
}

static inline uint64_t nanoseconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Pages of private anonymous memory, or the end of the program. */
static inline char *pages_map(size_t count)
{
    return REQUIRE((char *)mmap(NULL, count * PAGE, RW, ANON, -1, 0));
}

/* What a fault in the child shows: a load or a store, each as a child's whole work. */
static inline void touch_load(void *address)
{
    (void)*(volatile char *)address;
}

static inline void touch_store(void *address)
{
    *(volatile char *)address = 1;
}

/* Whether the kernel can read the byte on the program's behalf; changes nothing. */
static inline bool byte_is_readable(const void *address)
{
    static int ends[2] = {-1, -1};
    char byte;

    if (ends[0] < 0 && pipe2(ends, O_CLOEXEC))
        _exit(98);
    if (write(ends[1], address, 1) != 1)
        return false;
    return read(ends[0], &byte, 1) == 1;
}

/* The whole of a small file as a string; its length, or -1. */
static inline ssize_t file_read(const char *path, char *buffer, size_t size)
{
    int fd = open(path, O_RDONLY);
    size_t length = 0;
    ssize_t n = 0;

    if (fd < 0)
        return -1;
    while (length < size - 1 && (n = read(fd, buffer + length, size - 1 - length)) > 0)
        length += n;
    close(fd);
    buffer[length] = 0;
    return n < 0 ? -1 : (ssize_t)length;
}

/* The number after `key` at the beginning of a line of /proc/NAME, or -1. */
static inline long proc_number(const char *path, const char *key)
{
    static char text[65536];
    char *at = text;

    if (file_read(path, text, sizeof(text)) < 0)
        return -1;
    for (; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        if (strncmp(at, key, strlen(key)) == 0)
            return strtol(at + strlen(key), NULL, 10);
    return -1;
}

static inline long memory_free_kib(void)
{
    return proc_number("/proc/meminfo", "MemFree:");
}

/* The byte that make_data.py put at the offset of every patterned file. */
static inline unsigned char pattern_byte(uint64_t offset)
{
    return offset * 31 + (offset >> 8) * 7 + (offset >> 16);
}

/* The offset of the first byte of data that is not the pattern's from `offset` on, or -1. */
static inline long pattern_mismatch(const void *data, size_t length, uint64_t offset)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < length; i++)
        if (bytes[i] != pattern_byte(offset + i))
            return (long)i;
    return -1;
}

/* The offset of the first byte that is not `value`, or -1. */
static inline long byte_mismatch(const void *data, size_t length, unsigned char value)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < length; i++)
        if (bytes[i] != value)
            return (long)i;
    return -1;
}

/* One line of /proc/PID/maps. */
struct map_line {
    unsigned long start, end, offset, inode;
    char rights[8], name[256];
};

/* The line of /proc/self/maps that holds the address; false when none does. */
static inline bool map_line_find(const void *address, struct map_line *line)
{
    FILE *file = fopen("/proc/self/maps", "r");
    char text[512];
    bool found = false;

    while (file && !found && fgets(text, sizeof(text), file)) {
        line->name[0] = 0;
        if (sscanf(text, "%lx-%lx %7s %lx %*x:%*x %lu %255[^\n]", &line->start, &line->end,
                   line->rights, &line->offset, &line->inode, line->name) < 5)
            CHECK_FAILED("/proc/self/maps", "strange line: %s", text);
        found = (unsigned long)address >= line->start && (unsigned long)address < line->end;
    }
    if (file)
        fclose(file);
    return found;
}

#endif
