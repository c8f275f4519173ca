/*
 * The page of zeroes that every untouched page of private memory reads as. It is mapped read-only,
 * any number of times: mappings of it are not counted, neither as references nor as rss.
 */
#pragma once

#include "mm/alloc/page.h"

extern struct page *zero_page; /* (i) */

/* Makes it; at boot. */
void zero_page_init(void);
