/*
 * What the debug kernel does with free pages: fills them, and looks whether they still are so when
 * they are allocated again. A second page_put() of a page is named. Each page keeps who allocated
 * and who freed it last. In other kernels the calls do nothing.
 */
#pragma once

#include "mm/alloc/page.h"

#if defined(FATHOM_DEBUG)

/* These pages are being given out; they come back. */
void page_debug_alloc(struct page *page, size_t count);
void page_debug_free(struct page *page, size_t count);

/* Once in so many calls: then the structure is to be checked as a whole. */
bool page_debug_sample(void);

/* A reference was given back that nobody had: a panic that names the last owner. */
__noreturn void page_debug_over_put(const struct page *page);

#else

static inline void page_debug_alloc(struct page *page, size_t count)
{
    (void)page;
    (void)count;
}

static inline bool page_debug_sample(void)
{
    return false;
}

static inline void page_debug_free(struct page *page, size_t count)
{
    (void)page;
    (void)count;
}

#endif
