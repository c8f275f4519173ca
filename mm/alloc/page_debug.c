#include "mm/alloc/page_debug.h"

#if defined(FATHOM_DEBUG)

#include <stdatomic.h>

#include "kernel/panic.h"
#include "lib/string.h"

#define FREE_BYTE    0x6b
#define SAMPLE_CALLS 4096

#define FREE_WORD 0x6b6b6b6b6b6b6b6bUL

static __noreturn void report(const struct page *page, const char *what)
{
    char allocated[DEBUG_TRACE_TEXT], freed[DEBUG_TRACE_TEXT];

    panic("%s: page at %p\n  last allocated: %s\n  last freed: %s", what, page_address(page),
          debug_trace_text(&page->allocated, allocated), debug_trace_text(&page->freed, freed));
}

static void check_filled(const struct page *page)
{
    const uint64_t *word = page_address(page);

    for (size_t i = 0; i < PAGE_SIZE / sizeof(*word); i++)
        if (word[i] != FREE_WORD)
            report(page, "use after free");
}

void page_debug_alloc(struct page *page, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (page[i].freed.pc[0]) /* 0: has never been allocated, so it was not filled */
            check_filled(&page[i]);
        debug_trace_take(&page[i].allocated, 1);
    }
}

void page_debug_free(struct page *page, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        debug_trace_take(&page[i].freed, 1);
        memset(page_address(&page[i]), FREE_BYTE, PAGE_SIZE);
    }
}

bool page_debug_sample(void)
{
    static _Atomic uint64_t calls;

    return atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed) % SAMPLE_CALLS ==
           SAMPLE_CALLS - 1;
}

void page_debug_over_put(const struct page *page)
{
    report(page, "double free");
}

#endif
