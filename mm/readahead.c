/* Read-ahead; see readahead.h for the window. */
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

static void widen(struct readahead *ra)
{
    ra->window = ra->window ? MIN(2 * ra->window, (size_t)READAHEAD_MAX) : READAHEAD_MIN;
}

struct page *page_cache_read_ahead(struct page_cache *cache, pgoff_t index, pgoff_t limit,
                                   struct readahead *ra)
{
    bool sequential = note_position(ra, index);
    struct page *page = page_cache_find(cache, index);

    if (!page) {
        widen(ra);
        ra->end = index + ra->window;
        return page_cache_read(cache, index, limit, ra->window - 1);
    }
    if (sequential && ra->window && index < ra->end && index + ra->window / 2 >= ra->end &&
        ra->end < limit) {
        widen(ra);
        page_cache_start(cache, ra->end, limit, ra->window); /* failing, it is only not ahead */
        ra->end += ra->window;
    }
    page_put(page);
    return page_cache_read(cache, index, limit, 0);
}
