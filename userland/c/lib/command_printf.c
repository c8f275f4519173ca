/*
 * command_printf.c - the printf utility.
 *
 * The format is used again while arguments remain. Conversions: %d %i %o %u %x %X %c %s %b %%
 * with flags, width and precision (each may be *). A missing argument counts as an empty
 * string or zero. Escapes in the format, and in the argument of %b: \\ \a \b \f \n \r \t \v
 * and octal (\ddd; \0ddd for %b); \c in %b ends all output. Floating point conversions,
 * which POSIX does not require, are refused.
 */
#include "userland/c/lib/command.h"

#include "userland/c/lib/program.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPEC_MAX 64 /* the longest conversion specification: "%-*.*jd" and digits */

struct printf_state {
    char **argument; /* the next one; argv ends with NULL */
    int status;
    bool stop; /* \c was seen */
};

static int octal_digits(const char **text, int limit)
{
    int value = 0;

    while (limit-- > 0 && **text >= '0' && **text <= '7')
        value = value * 8 + *(*text)++ - '0';
    return value;
}

/* Writes the character that the escape after the backslash at *TEXT means. */
static void put_escape(struct printf_state *state, const char **text, bool in_argument)
{
    static const char letters[] = "\\abfnrtv\"'", values[] = "\\\a\b\f\n\r\t\v\"'";
    const char *found;

    if (**text >= '0' && **text <= '7') {
        putchar(octal_digits(text, in_argument && **text == '0' ? 4 : 3));
        return;
    }
    if (in_argument && **text == 'c') {
        state->stop = true;
        return;
    }
    found = **text ? strchr(letters, **text) : NULL;
    putchar(found ? values[found - letters] : '\\');
    if (found)
        (*text)++;
}

static const char *next_argument(struct printf_state *state)
{
    return *state->argument ? *state->argument++ : NULL;
}

static long long number_argument(struct printf_state *state)
{
    const char *text = next_argument(state);
    char *end;
    long long value;

    if (!text)
        return 0;
    if (text[0] == '\'' || text[0] == '"')
        return (unsigned char)text[1];
    errno = 0;
    value = strtoll(text, &end, 0);
    if (errno == ERANGE && value > 0)
        value = (long long)strtoull(text, &end, 0);
    if (end == text || *end) {
        program_complain("%s: not a number", text);
        state->status = 1;
    }
    return value;
}

static void put_escaped_argument(struct printf_state *state)
{
    const char *text = next_argument(state);

    while (text && *text && !state->stop) {
        if (*text != '\\') {
            putchar(*text++);
            continue;
        }
        text++;
        put_escape(state, &text, true);
    }
}

/* Copies flags, width and precision into SPEC with each * replaced; returns the new length. */
static size_t read_modifiers(struct printf_state *state, const char **format, char *spec)
{
    size_t used = 1;

    spec[0] = '%';
    while (**format && strchr("-+ #0123456789.*", **format) && used < SPEC_MAX - 24) {
        if (**format == '*')
            used += (size_t)snprintf(spec + used, 16, "%d", (int)number_argument(state));
        else
            spec[used++] = **format;
        (*format)++;
    }
    return used;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void put_conversion(struct printf_state *state, const char **format)
{
    char spec[SPEC_MAX];
    size_t used = read_modifiers(state, format, spec);
    char conversion = **format;
    const char *text;

    if (conversion)
        (*format)++;
    spec[used] = conversion;
    spec[used + 1] = '\0';
    if (conversion == '%') {
        putchar('%');
    } else if (conversion == 'b') {
        put_escaped_argument(state);
    } else if (conversion == 's') {
        text = next_argument(state);
        printf(spec, text ? text : "");
    } else if (conversion == 'c') {
        text = next_argument(state);
        if (text && *text)
            putchar(*text);
    } else if (conversion && strchr("diouxX", conversion)) {
        snprintf(spec + used, 4, "ll%c", conversion);
        printf(spec, number_argument(state));
    } else {
        program_complain("%%%c: unknown conversion", conversion);
        state->status = 1;
        state->stop = true;
    }
}
#pragma GCC diagnostic pop

static void put_format(struct printf_state *state, const char *format)
{
    while (*format && !state->stop) {
        char c = *format++;

        if (c == '\\')
            put_escape(state, &format, false);
        else if (c == '%')
            put_conversion(state, &format);
        else
            putchar(c);
    }
}

int command_printf(int argc, char **argv)
{
    struct printf_state state = {.argument = argv + 2};
    char **before;

    if (argc < 2) {
        program_complain("usage: printf format [argument...]");
        return 2;
    }
    do {
        before = state.argument;
        put_format(&state, argv[1]);
    } while (*state.argument && state.argument != before && !state.stop);
    return state.status;
}
