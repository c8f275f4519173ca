/*
 * Formatting after printf's rules (C11, 7.21.6.1), into a buffer or into any sink.
 *
 * Conversions: d i u x X o c s p %. Flags: - 0 + space #. Width and precision, also as *. Lengths:
 * hh h l ll z t j. There is no floating point and no n. A null %s prints "(null)"; %p prints 0x and
 * the digits, also for NULL. An unknown conversion is printed as it stands.
 */
#pragma once

#include <stdarg.h>

#include "lib/types.h"

/* Where the text goes, piece by piece; embed it in what the put function needs. */
struct fmt_sink {
    void (*put)(struct fmt_sink *sink, const char *s, size_t n);
};

/* Formats into the sink. */
void fmt_vprint(struct fmt_sink *sink, const char *fmt, va_list args) __printf_like(2, 0);

/*
 * Formats into buf, which holds size bytes; the text is cut off where it does not fit and always
 * terminated unless size is 0 (then buf may be NULL). Returns the length of the whole text, which
 * fitted when it is less than size.
 */
int fmt_vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf_like(3, 0);
int fmt_snprintf(char *buf, size_t size, const char *fmt, ...) __printf_like(3, 4);
