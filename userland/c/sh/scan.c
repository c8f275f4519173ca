/*
 * scan.c - characters for the lexer, with errors that end the text; see scan.h.
 *
 * A backslash before a newline is no character at all (POSIX 2.2.1), except inside single
 * quotes and after another backslash, where the callers use scan_get_raw.
 */
#include "userland/c/sh/scan.h"

#include <stdarg.h>
#include <stdio.h>

int scan_get_raw(struct scan *scan)
{
    return scan->failed ? INPUT_EOF : input_get(scan->input);
}

int scan_get(struct scan *scan)
{
    for (;;) {
        int next, c = scan_get_raw(scan);

        if (c != '\\')
            return c;
        next = scan_get_raw(scan);
        if (next != '\n') {
            scan_unget(scan, next);
            return c;
        }
    }
}

void scan_unget(struct scan *scan, int c)
{
    if (!scan->failed)
        input_unget(scan->input, c);
}

void scan_fail(struct scan *scan, const char *format, ...)
{
    int used;
    va_list args;

    if (scan->failed)
        return;
    scan->failed = true;
    used = snprintf(scan->error, sizeof(scan->error), "line %d: ", scan->input->line);
    va_start(args, format);
    vsnprintf(scan->error + used, sizeof(scan->error) - (size_t)used, format, args);
    va_end(args);
}

bool scan_enter(struct scan *scan)
{
    if (scan->depth < SCAN_DEPTH_MAX) {
        scan->depth++;
        return true;
    }
    scan_fail(scan, "nested too deeply");
    return false;
}

void scan_leave(struct scan *scan)
{
    scan->depth--;
}
