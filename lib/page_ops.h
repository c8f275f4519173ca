/*
 * Whole pages, cleared and copied 64 bits at a time: about 600 instructions to clear one, 1,100 to
 * copy one. Pages are PAGE_SIZE bytes and aligned to PAGE_SIZE.
 */
#pragma once

/* Fills the page with zeroes. */
void page_clear(void *page);

/* Copies the page src to the page dst; they must not be the same. */
void page_copy(void *dst, const void *src);
