/*
 * Whole pages, 64 bytes a turn. A 64-bit store per 8 bytes and two instructions of loop per 64 make
 * 640 instructions to clear a page of 4096 bytes and 1,150 to copy one.
 *
 * The compiler must not see the loops for what they are and call memset or memcpy instead, so the
 * attribute below turns that off for these functions.
 */
#include "lib/page_ops.h"
#include "lib/types.h"

#define NO_LIBCALL __attribute__((optimize("no-tree-loop-distribute-patterns")))

#define WORDS_PER_PAGE (PAGE_SIZE / sizeof(word_t))
#define WORDS_PER_TURN 8

/* May alias whatever the page holds. */
typedef uint64_t __attribute__((may_alias)) word_t;

NO_LIBCALL void page_clear(void *page)
{
    word_t *p = page;
    word_t *end = p + WORDS_PER_PAGE;

    for (; p != end; p += WORDS_PER_TURN) {
        p[0] = 0;
        p[1] = 0;
        p[2] = 0;
        p[3] = 0;
        p[4] = 0;
        p[5] = 0;
        p[6] = 0;
        p[7] = 0;
    }
}

NO_LIBCALL void page_copy(void *dst, const void *src)
{
    word_t *d = dst;
    const word_t *s = src;
    word_t *end = d + WORDS_PER_PAGE;

    for (; d != end; d += WORDS_PER_TURN, s += WORDS_PER_TURN) {
        word_t a = s[0], b = s[1], c = s[2], e = s[3];

        d[0] = a;
        d[1] = b;
        d[2] = c;
        d[3] = e;
        a = s[4], b = s[5], c = s[6], e = s[7];
        d[4] = a;
        d[5] = b;
        d[6] = c;
        d[7] = e;
    }
}
