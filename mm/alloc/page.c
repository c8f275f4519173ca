/*
 * The array of struct page. It is filled once, before any allocator runs, and never moves: its
 * three variables are read without a lock.
 *
 * The array is one piece from the lowest to the highest frame, holes included, so that the way
 * between a frame and its struct page is arithmetic. A frame in a hole stays PAGE_RESERVED.
 */
#include "mm/alloc/page.h"

struct page *page_array;
pfn_t page_first_pfn;
pfn_t page_end_pfn;

void page_array_init(void *memory, pfn_t first, pfn_t end)
{
    page_array = memory;
    page_first_pfn = first;
    page_end_pfn = end;
    for (struct page *page = page_array; page < page_array + (end - first); page++) {
        *page = (struct page){.flags = PAGE_RESERVED};
        list_init(&page->link);
    }
}
