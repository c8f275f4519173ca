/*
 * Strict numbers: prefix, digits, suffix, each taken off the head of the string, and at the end
 * nothing may be left. Digits above 9 are letters of either case.
 *
 * A number that overflows is read on to its end all the same, because rubbish behind it is -EINVAL
 * and not -ERANGE.
 */
#include "lib/parse.h"
#include "lib/errno.h"
#include "lib/types.h"

#define BASE_MIN 2
#define BASE_MAX 36

/* The digit's value, or BASE_MAX for what is no digit in any base. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return BASE_MAX;
}

static bool has_hex_prefix(const char *s)
{
    return s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit_value(s[2]) < 16;
}

/* Replaces base 0 by what the prefix says and steps over the prefix. */
static int take_prefix(const char **s, int base)
{
    if ((base == 0 || base == 16) && has_hex_prefix(*s)) {
        *s += 2;
        return 16;
    }
    if (base == 0)
        return **s == '0' ? 8 : 10;
    return base;
}

/* Reads digits up to the first that is none; *end is there. */
static int parse_digits(const char *s, int base, const char **end, uint64_t *out)
{
    uint64_t value = 0;
    const char *start;
    bool overflow = false;

    base = take_prefix(&s, base);
    if (base < BASE_MIN || base > BASE_MAX)
        return -EINVAL;
    for (start = s; digit_value(*s) < base; s++) {
        overflow |= __builtin_mul_overflow(value, (uint64_t)base, &value);
        overflow |= __builtin_add_overflow(value, (uint64_t)digit_value(*s), &value);
    }
    *end = s;
    if (s == start)
        return -EINVAL;
    *out = value;
    return overflow ? -ERANGE : 0;
}

int parse_u64(const char *s, int base, uint64_t *out)
{
    uint64_t value;
    const char *end;
    int err = parse_digits(s, base, &end, &value);

    if (err == -EINVAL || *end)
        return -EINVAL;
    if (!err)
        *out = value;
    return err;
}

/* How far a size's suffix shifts: 0 for none, negative for no suffix at all. */
static int suffix_shift(const char *suffix)
{
    if (suffix[0] == '\0')
        return 0;
    if (suffix[1] != '\0')
        return -EINVAL;
    switch (suffix[0]) {
    case 'k':
    case 'K':
        return 10;
    case 'm':
    case 'M':
        return 20;
    case 'g':
    case 'G':
        return 30;
    case 't':
    case 'T':
        return 40;
    default:
        return -EINVAL;
    }
}

int parse_size(const char *s, uint64_t *out)
{
    uint64_t value;
    const char *end;
    int shift, err = parse_digits(s, 0, &end, &value);

    if (err == -EINVAL)
        return err;
    shift = suffix_shift(end);
    if (shift < 0)
        return shift;
    if (err || value << shift >> shift != value)
        return -ERANGE;
    *out = value << shift;
    return 0;
}
