/*
 * How arguments are shown, by kind: one table of functions. Bits are shown by name and what is left
 * of them in hexadecimal; strings in quotes, cut after STRING_SHOWN bytes.
 */
#include "syscall/trace_line.h"

#include <stdarg.h>

#include "fs/file.h"
#include "lib/errno_name.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/mman.h"
#include "process/restart.h"
#include "sched/signal.h"
#include "syscall/abi.h"
#include "syscall/user_copy.h"

#define STRING_SHOWN  32 /* strace's own default */
#define PATH_SHOWN    256
#define STRINGS_SHOWN 8

struct bit_name {
    uint64_t bits;
    const char *name;
};

#define B(bit)                                                                                     \
    {                                                                                              \
        bit, #bit                                                                                  \
    }
#define S(sig) [sig] = #sig

static const struct bit_name open_bits[] = {
    B(O_CREAT),    B(O_EXCL),    B(O_NOCTTY),  B(O_TRUNC),     B(O_APPEND),  B(O_NONBLOCK),
    B(O_SYNC),     B(O_DSYNC),   B(O_DIRECT),  B(O_LARGEFILE), B(O_TMPFILE), B(O_DIRECTORY),
    B(O_NOFOLLOW), B(O_NOATIME), B(O_CLOEXEC), B(O_PATH),
};

static const struct bit_name prot_bits[] = {
    B(PROT_READ), B(PROT_WRITE), B(PROT_EXEC), B(PROT_SEM), B(PROT_GROWSDOWN), B(PROT_GROWSUP),
};

static const struct bit_name map_bits[] = {
    B(MAP_SHARED_VALIDATE), B(MAP_SHARED),    B(MAP_PRIVATE),   B(MAP_FIXED),
    B(MAP_ANONYMOUS),       B(MAP_GROWSDOWN), B(MAP_GROWSUP),   B(MAP_DENYWRITE),
    B(MAP_EXECUTABLE),      B(MAP_LOCKED),    B(MAP_NORESERVE), B(MAP_POPULATE),
    B(MAP_NONBLOCK),        B(MAP_STACK),     B(MAP_HUGETLB),   B(MAP_SYNC),
    B(MAP_FIXED_NOREPLACE),
};

static const char *const signal_names[] = {
    S(SIGHUP),  S(SIGINT),    S(SIGQUIT), S(SIGILL),  S(SIGTRAP),   S(SIGABRT), S(SIGBUS),
    S(SIGFPE),  S(SIGKILL),   S(SIGUSR1), S(SIGSEGV), S(SIGUSR2),   S(SIGPIPE), S(SIGALRM),
    S(SIGTERM), S(SIGSTKFLT), S(SIGCHLD), S(SIGCONT), S(SIGSTOP),   S(SIGTSTP), S(SIGTTIN),
    S(SIGTTOU), S(SIGURG),    S(SIGXCPU), S(SIGXFSZ), S(SIGVTALRM), S(SIGPROF), S(SIGWINCH),
    S(SIGIO),   S(SIGPWR),    S(SIGSYS),
};

void trace_printf(struct trace_line *line, const char *fmt, ...)
{
    size_t room = sizeof(line->text) - line->len;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = fmt_vsnprintf(line->text + line->len, room, fmt, ap);
    va_end(ap);
    line->len += MIN((size_t)n, room - 1);
}

/* The names of the bits, joined by |; `first` was put before, or is NULL. */
static void put_bits(struct trace_line *line, uint64_t value, const struct bit_name *names,
                     size_t count, const char *first)
{
    const char *between = "";

    if (first && *first) {
        trace_printf(line, "%s", first);
        between = "|";
    }
    for (size_t i = 0; i < count; i++) {
        if ((value & names[i].bits) != names[i].bits)
            continue;
        trace_printf(line, "%s%s", between, names[i].name);
        between = "|";
        value &= ~names[i].bits;
    }
    if (value || !*between)
        trace_printf(line, "%s%#lx", between, value);
}

/* Bytes in quotes, as C writes them. */
static void put_quoted(struct trace_line *line, const char *s, size_t n, bool more)
{
    trace_printf(line, "\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c == '\n')
            trace_printf(line, "\\n");
        else if (c == '"' || c == '\\')
            trace_printf(line, "\\%c", c);
        else if (c >= ' ' && c <= '~')
            trace_printf(line, "%c", c);
        else
            trace_printf(line, "\\%o", c);
    }
    trace_printf(line, more ? "\"..." : "\"");
}

static void put_address(struct trace_line *line, uint64_t value)
{
    trace_printf(line, value ? "%#lx" : "NULL", value);
}

/* The string at a user address; the address, if it cannot be read. */
static void put_string(struct trace_line *line, vaddr_t where, size_t shown)
{
    char text[PATH_SHOWN];
    ssize_t n = where ? strncpy_from_user(text, where, shown) : -EFAULT;

    if (n < 0)
        put_address(line, where);
    else
        put_quoted(line, text, (size_t)n, (size_t)n == shown);
}

static void put_strings(struct trace_line *line, vaddr_t where)
{
    uint64_t string;

    if (user_get(&string, where, sizeof(string))) {
        put_address(line, where);
        return;
    }
    trace_printf(line, "[");
    for (unsigned i = 0; string && i < STRINGS_SHOWN; i++) {
        trace_printf(line, i > 0 ? ", " : "");
        put_string(line, string, STRING_SHOWN);
        where += sizeof(string);
        if (user_get(&string, where, sizeof(string)))
            break;
    }
    trace_printf(line, string ? ", ...]" : "]");
}

/* `size` bytes at a user address, or the address when there are none to show. */
static void put_buffer(struct trace_line *line, vaddr_t where, uint64_t size)
{
    char text[STRING_SHOWN];
    size_t n = MIN(size, sizeof(text));

    if (user_get(text, where, n))
        put_address(line, where);
    else
        put_quoted(line, text, n, size > n);
}

static void put_dirfd(struct trace_line *line, int fd)
{
    if (fd == AT_FDCWD)
        trace_printf(line, "AT_FDCWD");
    else
        trace_printf(line, "%d", fd);
}

static void put_open_flags(struct trace_line *line, uint64_t value)
{
    static const char *const access[] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};

    put_bits(line, value & ~(uint64_t)O_ACCMODE, open_bits, ARRAY_SIZE(open_bits),
             access[value & O_ACCMODE]);
}

static void put_signal(struct trace_line *line, int sig)
{
    const char *name = (size_t)sig < ARRAY_SIZE(signal_names) ? signal_names[sig] : NULL;

    if (name)
        trace_printf(line, "%s", name);
    else
        trace_printf(line, "%d", sig);
}

/* Kinds that are more than a number; false: this one is a number. */
static bool put_named(struct trace_line *line, unsigned kind, uint64_t value)
{
    switch (kind) {
    case SYSCALL_KIND_DIRFD:
        put_dirfd(line, (int)value);
        return true;
    case SYSCALL_KIND_OFLAGS:
        put_open_flags(line, (uint32_t)value);
        return true;
    case SYSCALL_KIND_PROT:
        if ((uint32_t)value == PROT_NONE)
            trace_printf(line, "PROT_NONE");
        else
            put_bits(line, (uint32_t)value, prot_bits, ARRAY_SIZE(prot_bits), NULL);
        return true;
    case SYSCALL_KIND_MAPFLAGS:
        put_bits(line, (uint32_t)value, map_bits, ARRAY_SIZE(map_bits), NULL);
        return true;
    case SYSCALL_KIND_PATH:
        put_string(line, value, PATH_SHOWN);
        return true;
    case SYSCALL_KIND_STRINGS:
        put_strings(line, value);
        return true;
    case SYSCALL_KIND_SIG:
        put_signal(line, (int)value);
        return true;
    default:
        return false;
    }
}

static void put_number(struct trace_line *line, unsigned kind, uint64_t value)
{
    switch (kind) {
    case SYSCALL_KIND_FD:
    case SYSCALL_KIND_INT:
    case SYSCALL_KIND_PID:
    case SYSCALL_KIND_ID:
        trace_printf(line, "%d", (int)value);
        break;
    case SYSCALL_KIND_LONG:
    case SYSCALL_KIND_OFFSET:
    case SYSCALL_KIND_LEN:
        trace_printf(line, "%ld", (int64_t)value);
        break;
    case SYSCALL_KIND_CMD:
    case SYSCALL_KIND_FLAGS:
        trace_printf(line, "%#x", (uint32_t)value);
        break;
    case SYSCALL_KIND_MODE:
        trace_printf(line, "%#o", (uint32_t)value);
        break;
    case SYSCALL_KIND_ULONG:
        trace_printf(line, "%#lx", value);
        break;
    default:
        put_address(line, value);
    }
}

void trace_argument(struct trace_line *line, const struct syscall *call,
                    const struct syscall_args *args, unsigned n, int64_t result)
{
    uint64_t value = args->a[n];
    unsigned kind = call->kinds[n];

    if (kind == SYSCALL_KIND_BUF_IN && n + 1 < call->count)
        put_buffer(line, value, args->a[n + 1]);
    else if (kind == SYSCALL_KIND_BUF_OUT && result >= 0)
        put_buffer(line, value, MIN((uint64_t)result, args->a[n + 1]));
    else if (!put_named(line, kind, value))
        put_number(line, kind, value);
}

void trace_result(struct trace_line *line, const struct syscall *call, int64_t result)
{
    const char *name = result < 0 ? errno_name((int)-result) : NULL;
    bool address = call->count > 0 && call->kinds[0] == SYSCALL_KIND_ADDR;

    if (name)
        trace_printf(line, " = -1 %s", name);
    else if (result <= -ERESTARTSYS && result >= -ERESTART_DEADLINE)
        trace_printf(line, " = ? (interrupted)");
    else if (address && result >= (int64_t)PAGE_SIZE)
        trace_printf(line, " = %#lx", result);
    else
        trace_printf(line, " = %ld", result);
}
