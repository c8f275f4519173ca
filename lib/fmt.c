/*
 * printf's formatting in three stages: read a conversion specification into a struct spec, fetch
 * its argument, and put the field:
 *
 *     |<- blanks ->|<- prefix ->|<- zeroes ->|<- body ->|<- blanks ->|
 *                    - + 0x                    digits or text
 *
 * The text leaves in pieces, straight from the format, the argument or a small buffer of digits;
 * there is no limit on its length.
 */
#include "lib/fmt.h"
#include "lib/string.h"
#include "lib/types.h"

/* Enough for 64 bits in octal. */
#define DIGITS_MAX 22

/* Larger widths and precisions count as this one. */
#define FIELD_MAX 65535

/* A conversion specification. */
struct spec {
    bool left, zero, plus, space, alternate;
    int width;     /* 0: as the text is */
    int precision; /* negative: not given */
    unsigned bits; /* size of an integer argument */
    char conversion;
};

/* What is put for one conversion. */
struct field {
    const char *prefix;
    size_t zeroes;
    const char *body;
    size_t length; /* of body */
};

/* The sink and the arguments not yet fetched. */
struct state {
    struct fmt_sink *sink;
    va_list args;
};

static void put(struct state *st, const char *s, size_t n)
{
    if (n)
        st->sink->put(st->sink, s, n);
}

/* Puts n times the character of which run holds a row. */
static void put_run(struct state *st, const char *run, size_t n)
{
    size_t row = strlen(run);

    for (; n > row; n -= row)
        put(st, run, row);
    put(st, run, n);
}

static void put_field(struct state *st, const struct spec *spec, struct field *field)
{
    static const char blanks[] = "                ", zeroes[] = "0000000000000000";
    size_t prefix = strlen(field->prefix);
    size_t length = prefix + field->zeroes + field->length;
    size_t pad = (size_t)spec->width > length ? (size_t)spec->width - length : 0;

    if (spec->zero && !spec->left) {
        field->zeroes += pad;
        pad = 0;
    }
    if (!spec->left)
        put_run(st, blanks, pad);
    put(st, field->prefix, prefix);
    put_run(st, zeroes, field->zeroes);
    put(st, field->body, field->length);
    if (spec->left)
        put_run(st, blanks, pad);
}

static void put_text(struct state *st, struct spec *spec, const char *s, size_t n)
{
    struct field field = {.prefix = "", .body = s, .length = n};

    spec->zero = false;
    put_field(st, spec, &field);
}

/* Writes value's digits so that they end before end. Returns the first; none for 0. */
static char *write_digits(char *end, uint64_t value, unsigned base, bool capitals)
{
    const char *digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";

    for (; value; value /= base)
        *--end = digits[value % base];
    return end;
}

static void put_number(struct state *st, struct spec *spec, const char *prefix, uint64_t value,
                       unsigned base)
{
    char buf[DIGITS_MAX];
    char *end = buf + sizeof(buf);
    char *start = write_digits(end, value, base, spec->conversion == 'X');
    struct field field = {.prefix = prefix, .body = start, .length = (size_t)(end - start)};
    size_t least = spec->precision < 0 ? 1 : (size_t)spec->precision;

    if (spec->alternate && base == 8 && least <= field.length)
        least = field.length + 1;
    if (field.length < least)
        field.zeroes = least - field.length;
    if (spec->precision >= 0)
        spec->zero = false;
    put_field(st, spec, &field);
}

/* The next argument, cut to the size that the specification names. */
static uint64_t fetch_unsigned(struct state *st, const struct spec *spec)
{
    uint64_t value =
        spec->bits == 64 ? va_arg(st->args, unsigned long) : va_arg(st->args, unsigned int);

    return value << (64 - spec->bits) >> (64 - spec->bits);
}

static void convert_signed(struct state *st, struct spec *spec)
{
    uint64_t value = fetch_unsigned(st, spec);
    uint64_t sign = UINT64_C(1) << (spec->bits - 1);

    if (value & sign)
        put_number(st, spec, "-", (sign << 1) - value, 10);
    else
        put_number(st, spec, spec->plus ? "+" : spec->space ? " " : "", value, 10);
}

static void convert_hex(struct state *st, struct spec *spec)
{
    uint64_t value = fetch_unsigned(st, spec);
    const char *prefix = spec->conversion == 'X' ? "0X" : "0x";

    put_number(st, spec, spec->alternate && value ? prefix : "", value, 16);
}

static void convert_pointer(struct state *st, struct spec *spec)
{
    put_number(st, spec, "0x", (uintptr_t)va_arg(st->args, void *), 16);
}

static void convert_string(struct state *st, struct spec *spec)
{
    const char *s = va_arg(st->args, const char *);

    if (!s)
        s = "(null)";
    put_text(st, spec, s, spec->precision < 0 ? strlen(s) : strnlen(s, (size_t)spec->precision));
}

static void convert_char(struct state *st, struct spec *spec)
{
    char c = (char)va_arg(st->args, int);

    put_text(st, spec, &c, 1);
}

/* Fetches the argument and puts it. Returns false for an unknown conversion. */
static bool convert(struct state *st, struct spec *spec)
{
    switch (spec->conversion) {
    case 'd':
    case 'i':
        convert_signed(st, spec);
        return true;
    case 'u':
        put_number(st, spec, "", fetch_unsigned(st, spec), 10);
        return true;
    case 'o':
        put_number(st, spec, "", fetch_unsigned(st, spec), 8);
        return true;
    case 'x':
    case 'X':
        convert_hex(st, spec);
        return true;
    case 'p':
        convert_pointer(st, spec);
        return true;
    case 's':
        convert_string(st, spec);
        return true;
    case 'c':
        convert_char(st, spec);
        return true;
    case '%':
        put(st, "%", 1);
        return true;
    default:
        return false;
    }
}

static const char *read_flags(const char *f, struct spec *spec)
{
    for (;; f++) {
        switch (*f) {
        case '-':
            spec->left = true;
            break;
        case '0':
            spec->zero = true;
            break;
        case '+':
            spec->plus = true;
            break;
        case ' ':
            spec->space = true;
            break;
        case '#':
            spec->alternate = true;
            break;
        default:
            return f;
        }
    }
}

/* Reads digits, or the next argument for '*'. */
static const char *read_count(struct state *st, const char *f, int *count)
{
    if (*f == '*') {
        *count = MAX(MIN(va_arg(st->args, int), FIELD_MAX), -FIELD_MAX);
        return f + 1;
    }
    for (*count = 0; *f >= '0' && *f <= '9'; f++)
        *count = MIN(*count * 10 + (*f - '0'), FIELD_MAX);
    return f;
}

static const char *read_length(const char *f, struct spec *spec)
{
    spec->bits = 32;
    switch (*f) {
    case 'h':
        spec->bits = f[1] == 'h' ? 8 : 16;
        return f[1] == 'h' ? f + 2 : f + 1;
    case 'l':
        spec->bits = 64;
        return f[1] == 'l' ? f + 2 : f + 1;
    case 'z':
    case 't':
    case 'j':
        spec->bits = 64;
        return f + 1;
    default:
        return f;
    }
}

/* Reads the specification after a '%'. Returns the place of its conversion character. */
static const char *read_spec(struct state *st, const char *f, struct spec *spec)
{
    *spec = (struct spec){.precision = -1};
    f = read_flags(f, spec);
    f = read_count(st, f, &spec->width);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = -spec->width;
    }
    if (*f == '.')
        f = read_count(st, f + 1, &spec->precision);
    f = read_length(f, spec);
    spec->conversion = *f;
    return f;
}

void fmt_vprint(struct fmt_sink *sink, const char *fmt, va_list args)
{
    struct state st = {.sink = sink};

    va_copy(st.args, args);
    while (*fmt) {
        const char *percent = strchr(fmt, '%');
        struct spec spec;

        if (!percent) {
            put(&st, fmt, strlen(fmt));
            break;
        }
        put(&st, fmt, (size_t)(percent - fmt));
        fmt = read_spec(&st, percent + 1, &spec);
        if (*fmt)
            fmt++;
        if (!convert(&st, &spec))
            put(&st, percent, (size_t)(fmt - percent));
    }
    va_end(st.args);
}

/* A sink that keeps what fits and counts all. */
struct buffer_sink {
    struct fmt_sink sink;
    char *buf;
    size_t size;
    size_t length;
};

static void buffer_put(struct fmt_sink *sink, const char *s, size_t n)
{
    struct buffer_sink *buffer = container_of(sink, struct buffer_sink, sink);

    if (buffer->length < buffer->size)
        memcpy(buffer->buf + buffer->length, s, MIN(n, buffer->size - buffer->length));
    buffer->length += n;
}

int fmt_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
    struct buffer_sink buffer = {.sink.put = buffer_put, .buf = buf, .size = size};

    fmt_vprint(&buffer.sink, fmt, args);
    if (size > 0)
        buf[MIN(buffer.length, size - 1)] = '\0';
    return (int)buffer.length;
}

int fmt_snprintf(char *buf, size_t size, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = fmt_vsnprintf(buf, size, fmt, args);
    va_end(args);
    return n;
}
