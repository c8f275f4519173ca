/*
 * The memory and string functions, for the kernel alone; the host uses libc's.
 *
 * Long runs move as 64-bit words, four a turn, once the destination is aligned. A source that is
 * then not aligned too is read as two aligned words and shifted together, because a misaligned load
 * traps to the firmware on small cores and costs hundreds of instructions. An aligned word never
 * crosses a page, so strlen may read the whole word that holds the last byte.
 *
 * The compiler must not turn these loops into calls of themselves; hence NO_LIBCALL.
 */
#include "lib/string.h"
#include "lib/types.h"

#define NO_LIBCALL __attribute__((optimize("no-tree-loop-distribute-patterns")))

/* Reads a word that holds bytes outside the object; the sanitisers would complain. */
#define READS_WORDS __attribute__((no_sanitize("kernel-address", "address")))

#define WORD      sizeof(word_t)
#define WORD_BITS (8 * WORD)
#define TURN      (4 * WORD)
#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Below this many bytes the set-up of word copies costs more than it saves. */
#define WORDWISE_MIN 32

typedef uint64_t __attribute__((may_alias)) word_t;

static inline bool is_word_aligned(const void *p)
{
    return IS_ALIGNED((uintptr_t)p, WORD);
}

/* How many bytes up to the next word boundary. */
static inline size_t bytes_to_word(const void *p)
{
    return -(uintptr_t)p & (WORD - 1);
}

NO_LIBCALL static void copy_bytes(char *d, const char *s, size_t n)
{
    for (const char *end = s + n; s != end;)
        *d++ = *s++;
}

/* Both aligned, n a multiple of WORD. */
NO_LIBCALL static void copy_words(word_t *d, const word_t *s, size_t n)
{
    for (; n >= TURN; n -= TURN, d += 4, s += 4) {
        word_t w0 = s[0], w1 = s[1], w2 = s[2], w3 = s[3];

        d[0] = w0;
        d[1] = w1;
        d[2] = w2;
        d[3] = w3;
    }
    for (; n; n -= WORD)
        *d++ = *s++;
}

/*
 * d aligned, s not, n a multiple of WORD. Every aligned word read holds at least one byte of the
 * source.
 */
READS_WORDS NO_LIBCALL static void copy_shifted(word_t *d, const char *s, size_t n)
{
    unsigned down = 8 * ((uintptr_t)s & (WORD - 1));
    const word_t *from = (const word_t *)ALIGN_DOWN((uintptr_t)s, WORD);
    word_t low = *from++;

    for (; n; n -= WORD) {
        word_t high = *from++;

        *d++ = low >> down | high << (WORD_BITS - down);
        low = high;
    }
}

NO_LIBCALL void *memcpy(void *dst, const void *src, size_t n)
{
    char *d = dst;
    const char *s = src;

    if (n >= WORDWISE_MIN) {
        size_t head = bytes_to_word(d);
        size_t body = ALIGN_DOWN(n - head, WORD);

        copy_bytes(d, s, head);
        d += head;
        s += head;
        if (is_word_aligned(s))
            copy_words((word_t *)d, (const word_t *)s, body);
        else
            copy_shifted((word_t *)d, s, body);
        d += body;
        s += body;
        n -= head + body;
    }
    copy_bytes(d, s, n);
    return dst;
}

/* From the last byte to the first; d and s point behind the last. */
NO_LIBCALL static void copy_down(char *d, const char *s, size_t n)
{
    if (bytes_to_word(d) == bytes_to_word(s)) {
        for (; n && !is_word_aligned(d); n--)
            *--d = *--s;
        for (; n >= WORD; n -= WORD) {
            d -= WORD;
            s -= WORD;
            *(word_t *)d = *(const word_t *)s;
        }
    }
    while (n--)
        *--d = *--s;
}

/*
 * Where dst lies below src, memcpy will do: going up, it has read each byte of the source before it
 * writes there. (copy_words reads a turn and then writes it, copy_shifted reads a word ahead.)
 */
void *memmove(void *dst, const void *src, size_t n)
{
    if ((uintptr_t)dst - (uintptr_t)src >= n)
        return memcpy(dst, src, n);
    copy_down((char *)dst + n, (const char *)src + n, n);
    return dst;
}

NO_LIBCALL static void set_bytes(char *d, char c, size_t n)
{
    for (char *end = d + n; d != end;)
        *d++ = c;
}

NO_LIBCALL void *memset(void *dst, int c, size_t n)
{
    char *d = dst;

    if (n >= WORDWISE_MIN) {
        word_t word = EACH_BYTE * (uint8_t)c;
        size_t head = bytes_to_word(d);

        set_bytes(d, (char)c, head);
        d += head;
        n -= head;
        for (; n >= TURN; n -= TURN, d += TURN) {
            word_t *w = (word_t *)d;

            w[0] = word;
            w[1] = word;
            w[2] = word;
            w[3] = word;
        }
        for (; n >= WORD; n -= WORD, d += WORD)
            *(word_t *)d = word;
    }
    set_bytes(d, (char)c, n);
    return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const uint8_t *p = a, *q = b;

    if (is_word_aligned(p) && is_word_aligned(q)) {
        while (n >= WORD && *(const word_t *)p == *(const word_t *)q) {
            p += WORD;
            q += WORD;
            n -= WORD;
        }
    }
    for (; n; n--, p++, q++) {
        if (*p != *q)
            return *p - *q;
    }
    return 0;
}

void *memchr(const void *s, int c, size_t n)
{
    for (const uint8_t *p = s; n; n--, p++) {
        if (*p == (uint8_t)c)
            return (void *)p;
    }
    return NULL;
}

/* Whether one of the word's bytes is 0: only such a byte borrows into a high bit it had not. */
static inline bool has_zero_byte(word_t w)
{
    return ((w - EACH_BYTE) & ~w & HIGH_BITS) != 0;
}

READS_WORDS NO_LIBCALL size_t strlen(const char *s)
{
    const char *p = s;

    for (; !is_word_aligned(p); p++) {
        if (*p == '\0')
            return (size_t)(p - s);
    }
    while (!has_zero_byte(*(const word_t *)p))
        p += WORD;
    while (*p)
        p++;
    return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t max)
{
    const char *nul = memchr(s, '\0', max);

    return nul ? (size_t)(nul - s) : max;
}

int strcmp(const char *a, const char *b)
{
    for (; *a && *a == *b; a++, b++)
        ;
    return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n && *a && *a == *b; n--, a++, b++)
        ;
    return n ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strchr(const char *s, int c)
{
    for (;; s++) {
        if (*s == (char)c)
            return (char *)s;
        if (*s == '\0')
            return NULL;
    }
}

char *strrchr(const char *s, int c)
{
    const char *last = NULL;

    for (;; s++) {
        if (*s == (char)c)
            last = s;
        if (*s == '\0')
            return (char *)last;
    }
}
