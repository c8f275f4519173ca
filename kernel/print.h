/*
 * The kernel's own messages: kept in a ring of the last LOG_SIZE bytes and sent to the console.
 *
 * A console is a function handed down by a driver; before there is one, the text goes to SBI's.
 * A report is a line that a person who runs one program should see as well (the death of a process
 * by a fault): it goes to the log, and to the report sink where a driver has given one.
 */
#pragma once

#include <stdarg.h>

#include "lib/types.h"

#define LOG_SIZE (64 * KIB)

typedef void print_sink_fn(const char *s, size_t n);

/* Prints a message; may be called anywhere, interrupt handlers included. Ends lines with "\n". */
void printk(const char *fmt, ...) __printf_like(1, 2);
void vprintk(const char *fmt, va_list ap);

/* Prints a line and hands it to the report sink too. The caller may sleep and holds no lock. */
void print_report(const char *fmt, ...) __printf_like(1, 2);

/* Where messages go from now on; the function may be called with interrupts off, on any hart. */
void print_set_console(print_sink_fn *console);

/* Where reports go besides the log; the function may sleep. */
void print_set_report_sink(print_sink_fn *sink);

/* From now on printing takes no lock: for panic. */
void print_go_unlocked(void);

/* Copies the part of the log at [*pos, …) to buf; moves *pos on; returns the bytes copied. */
size_t print_log_read(uint64_t *pos, char *buf, size_t n);
