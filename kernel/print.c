/*
 * printk: each message is formatted under one lock, into the log's ring and on to the console, so
 * that lines of different harts do not mix.
 *
 * Inside the lock only the console driver's is taken: uart->lock. print_go_unlocked() is for a
 * panic on a hart that may hold it.
 */
#include "kernel/print.h"

#include "arch/riscv/sbi.h"
#include "kernel/spinlock.h"
#include "lib/fmt.h"
#include "lib/string.h"

#define REPORT_MAX 512

static struct spinlock print_lock = SPINLOCK_INIT("print");
static char log_ring[LOG_SIZE];
static uint64_t log_end; /* bytes ever logged; under print_lock */
static print_sink_fn *print_console;
static print_sink_fn *report_sink;
static bool print_unlocked;

static void console_put(const char *s, size_t n)
{
    if (print_console) {
        print_console(s, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n')
            sbi_putchar('\r');
        sbi_putchar(s[i]);
    }
}

static void log_put(struct fmt_sink *sink, const char *s, size_t n)
{
    (void)sink;
    for (size_t i = 0; i < n; i++)
        log_ring[log_end++ % LOG_SIZE] = s[i];
    console_put(s, n);
}

void vprintk(const char *fmt, va_list ap)
{
    struct fmt_sink sink = {.put = log_put};
    uint64_t flags = irq_save();

    if (!print_unlocked)
        spin_lock(&print_lock);
    fmt_vprint(&sink, fmt, ap);
    if (!print_unlocked)
        spin_unlock(&print_lock);
    irq_restore(flags);
}

void printk(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintk(fmt, ap);
    va_end(ap);
}

void print_report(const char *fmt, ...)
{
    char line[REPORT_MAX];
    va_list ap;

    va_start(ap, fmt);
    fmt_vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    printk("%s", line);
    if (report_sink)
        report_sink(line, strlen(line));
}

void print_set_console(print_sink_fn *console)
{
    uint64_t flags = spin_lock_irqsave(&print_lock);

    print_console = console;
    spin_unlock_irqrestore(&print_lock, flags);
}

void print_set_report_sink(print_sink_fn *sink)
{
    report_sink = sink;
}

void print_go_unlocked(void)
{
    print_unlocked = true;
}

size_t print_log_read(uint64_t *pos, char *buf, size_t n)
{
    uint64_t flags = spin_lock_irqsave(&print_lock);
    size_t done = 0;

    if (*pos + LOG_SIZE < log_end)
        *pos = log_end - LOG_SIZE;
    while (done < n && *pos < log_end)
        buf[done++] = log_ring[(*pos)++ % LOG_SIZE];
    spin_unlock_irqrestore(&print_lock, flags);
    return done;
}
