/* The text of one traced system call, built piece by piece in a buffer of fixed size. */
#pragma once

#include "syscall/dispatch.h"

#define TRACE_LINE_MAX 512

struct trace_line {
    size_t len; /* never more than TRACE_LINE_MAX - 1 */
    char text[TRACE_LINE_MAX];
};

/* Adds formatted text (lib/fmt.h); what does not fit is left out. */
void trace_printf(struct trace_line *line, const char *fmt, ...) __printf_like(2, 3);

/* Adds argument n of the call by its kind. May sleep: it reads strings from user memory. */
void trace_argument(struct trace_line *line, const struct syscall *call,
                    const struct syscall_args *args, unsigned n, int64_t result);

/* Adds " = " and what the call gave. */
void trace_result(struct trace_line *line, const struct syscall *call, int64_t result);
