/*
 * parameter.c - the syntax of ${...}: names and operators (POSIX 2.6.2); see parameter.h.
 */
#include "userland/c/sh/parameter.h"

#include <string.h>

static bool is_name_character(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool parameter_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_special_parameter(int c)
{
    return c != INPUT_EOF && c && strchr("@*#?-$!", c);
}

bool parameter_read_name(struct scan *scan, struct strbuf *name)
{
    int c = scan_get(scan);
    bool number = parameter_is_digit(c);

    if (is_special_parameter(c)) {
        strbuf_append_char(name, (char)c);
        return true;
    }
    while (number ? parameter_is_digit(c) : is_name_character(c)) {
        strbuf_append_char(name, (char)c);
        c = scan_get(scan);
    }
    scan_unget(scan, c);
    return name->length > 0;
}

bool parameter_at_length(struct scan *scan)
{
    int c = scan_get(scan), next;
    bool length = is_name_character(c);

    if (!length && is_special_parameter(c)) {
        next = scan_get(scan);
        length = next == '}';
        scan_unget(scan, next);
    }
    scan_unget(scan, c);
    return length;
}

static enum parameter_op double_op(struct scan *scan, int c, enum parameter_op once,
                                   enum parameter_op twice)
{
    int next = scan_get(scan);

    if (next == c)
        return twice;
    scan_unget(scan, next);
    return once;
}

enum parameter_op parameter_read_op(struct scan *scan, int c, bool *colon)
{
    *colon = c == ':';
    if (*colon)
        c = scan_get(scan);
    switch (c) {
    case '-':
        return OP_DEFAULT;
    case '=':
        return OP_ASSIGN;
    case '?':
        return OP_ERROR;
    case '+':
        return OP_ALTERNATIVE;
    case '%':
        return *colon ? OP_NONE : double_op(scan, c, OP_CUT_SHORT_END, OP_CUT_LONG_END);
    case '#':
        return *colon ? OP_NONE : double_op(scan, c, OP_CUT_SHORT, OP_CUT_LONG);
    default:
        return OP_NONE;
    }
}
