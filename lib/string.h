/*
 * Memory and strings: libc's calls under libc's names, because the compiler itself calls memcpy,
 * memmove, memset and memcmp (GCC manual, "Language Standards Supported by GCC"), and str_copy.
 *
 * On the host libc's own serve, and lib/string.c is not compiled. Whole pages: lib/page_ops.h.
 */
#pragma once

#include "lib/types.h"

#if defined(FATHOM_HOST)
#include <string.h>
#else

/* The two ranges must not overlap. Returns dst. */
void *memcpy(void *dst, const void *src, size_t n);

/* As memcpy; the two ranges may overlap. */
void *memmove(void *dst, const void *src, size_t n);

/* Fills n bytes with the low byte of c. Returns dst. */
void *memset(void *dst, int c, size_t n);

/* Less than, equal to or greater than 0 as a is less than, equal to or greater than b. */
int memcmp(const void *a, const void *b, size_t n);

/* The first of n bytes that equals the low byte of c, or NULL. */
void *memchr(const void *s, int c, size_t n);

size_t strlen(const char *s);

/* As strlen, but looks at no more than max bytes and then returns max. */
size_t strnlen(const char *s, size_t max);

int strcmp(const char *a, const char *b);

/* Compares at most n bytes. */
int strncmp(const char *a, const char *b, size_t n);

/* The first c of s, or NULL; c may be 0. */
char *strchr(const char *s, int c);

/* The last c of s, or NULL; c may be 0. */
char *strrchr(const char *s, int c);

#endif

/*
 * Copies src to dst, a buffer of size bytes, cut off where it does not fit and always terminated
 * unless size is 0. Returns strlen(src): the copy is whole when that is less than size.
 */
static inline size_t str_copy(char *dst, const char *src, size_t size)
{
    size_t len = strlen(src);

    if (size > 0) {
        size_t n = len < size ? len : size - 1;

        memcpy(dst, src, n);
        dst[n] = '\0';
    }
    return len;
}
