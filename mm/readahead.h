/*
 * Read-ahead: how many pages to read at once, learnt from how one reader moves.
 *
 *     ......[ read, being used  |     on the way      ]...........
 *               ^ next           ^ half a window before `end`: the next window starts on its way
 *                                                     ^ end
 *
 * A reader that asks for page after page gets a window that doubles from 4 to 32 pages, and the
 * next window is started before it has used up this one, so the disk never waits for it. Any other
 * step starts again at 4.
 */
#pragma once

#include "lib/types.h"

struct page;
struct page_cache;

#define READAHEAD_MIN 4  /* pages */
#define READAHEAD_MAX 32 /* pages: 128 KiB, Linux's default read_ahead_kb */

/* Of one open file or one mapping: a hint, so races only cost speed. All zero to begin with. */
struct readahead {
    pgoff_t next;  /* the index a sequential reader wants next */
    pgoff_t end;   /* one past the last page that was asked for ahead */
    size_t window; /* pages to read at once; 0: nothing was read yet */
};

/* page_cache_read() with a window that follows how `ra` says this reader moves. */
struct page *page_cache_read_ahead(struct page_cache *cache, pgoff_t index, pgoff_t limit,
                                   struct readahead *ra);
