/*
 * Read-ahead; see readahead.h for the window. Readers that share a struct readahead race on its
 * fields, so what a decision rests on is read once.
 */
#include "mm/readahead.h"

#include "mm/page_cache.h"

/* Notes where the reader is now; true if it moves on page by page (or is still in the same one). */
static bool note_position(struct readahead *ra, pgoff_t index)
{
    bool sequential = index == ra->next || index + 1 == ra->next;

    if (!sequential)
        ra->window = 0;
    ra->next = index + 1;
    return sequential;
}

/* The next window, at least READAHEAD_MIN pages. */
static size_t widen(struct readahead *ra)
{
    size_t window = MIN(MAX(2 * ra->window, (size_t)READAHEAD_MIN), (size_t)READAHEAD_MAX);

    ra->window = window;
    return window;
}

/* Whether a sequential reader at index has used up half of what ends at `end`. */
static bool wants_more(pgoff_t index, pgoff_t end, size_t window, pgoff_t limit)
{
    return window && index < end && index + window / 2 >= end && end < limit;
}

struct page *page_cache_read_ahead(struct page_cache *cache, pgoff_t index, pgoff_t limit,
                                   struct readahead *ra)
{
    bool sequential = note_position(ra, index);
    struct page *page = page_cache_find(cache, index);
    pgoff_t end = ra->end;
    size_t window;

    if (!page) {
        window = widen(ra);
        ra->end = index + window;
        return page_cache_read(cache, index, limit, window - 1);
    }
    if (sequential && wants_more(index, end, ra->window, limit)) {
        window = widen(ra);
        page_cache_start(cache, end, limit, window); /* failing, it is only not ahead */
        ra->end = end + window;
    }
    page_put(page);
    return page_cache_read(cache, index, limit, 0);
}
