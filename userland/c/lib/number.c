/*
 * number.c - strict parsing of numbers; see number.h.
 *
 * strtol alone takes "12x" and "" for numbers and reports overflow through errno; these
 * functions say yes or no.
 */
#include "userland/c/lib/number.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

bool number_parse_long(const char *text, long *number)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (end == text || errno)
        return false;
    while (isspace((unsigned char)*end))
        end++;
    if (*end)
        return false;
    *number = value;
    return true;
}

static unsigned long suffix_factor(char suffix)
{
    switch (suffix) {
    case '\0':
        return 1;
    case 'b':
        return 512;
    case 'k':
        return 1024;
    case 'm':
        return 1024 * 1024;
    default:
        return 0;
    }
}

bool number_parse_size(const char *text, unsigned long *size)
{
    char *end;
    unsigned long value, factor;

    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    value = strtoul(text, &end, text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
    factor = suffix_factor(*end);
    if (errno || !factor || (*end && end[1]) || value > ULONG_MAX / factor)
        return false;
    *size = value * factor;
    return true;
}
