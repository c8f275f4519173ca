/* The page of zeroes; see zero_page.h. */
#include "mm/zero_page.h"

#include "lib/assert.h"
#include "mm/alloc/buddy.h"

struct page *zero_page;

void zero_page_init(void)
{
    zero_page = page_alloc(ALLOC_ZERO);
    assert(zero_page);
}
