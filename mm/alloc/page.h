/*
 * struct page: one for each frame of memory, from the lowest to the highest address that the
 * machine names. What a frame is used for, its flags say, and they say which fields count.
 *
 *   PAGE_RESERVED   not ours: firmware, the image, holes; never allocated, no references
 *   PAGE_BUDDY      head of a free block in the buddy allocator
 *   PAGE_SLAB       head of a slab; the slab's other pages are PAGE_SLAB_TAIL and name their head
 *   PAGE_CACHED     in a page cache
 *   otherwise       free in a hart's cache of single pages (no references), or allocated, and its
 *                   owner's alone (page tables, anonymous memory, stacks …)
 *
 * A block of more than one page is one allocation: its head has PAGE_HEAD, its size and its
 * references. The other pages of the block have no references.
 *
 * References: page_alloc() gives one; a page cache holds one for its index; each user mapping holds
 * one. The last page_put() frees.
 *
 * Locks: (a) atomic, (z) the buddy allocator's, (s) the slab cache's, (c) the page cache's, (o) the
 * owner's.
 */
#pragma once

#include "arch/address.h"
#include "kernel/debug_trace.h"
#include "lib/list.h"
#include "lib/types.h"

enum page_flag {
    PAGE_RESERVED = 1u << 0,
    PAGE_BUDDY = 1u << 1,
    PAGE_SLAB = 1u << 2,
    PAGE_CACHED = 1u << 3,
    PAGE_LOCKED = 1u << 4,     /* the page's lock bit: I/O or a change of identity is under way */
    PAGE_UPTODATE = 1u << 5,   /* a cached page holds what its source holds, or newer */
    PAGE_DIRTY = 1u << 6,      /* newer than its source */
    PAGE_WRITEBACK = 1u << 7,  /* being written to its source */
    PAGE_ERROR = 1u << 8,      /* the last read failed */
    PAGE_REFERENCED = 1u << 9, /* used since reclaim last looked */
    PAGE_ANON = 1u << 10,      /* a process's private memory */
    PAGE_HEAD = 1u << 11,      /* head of an allocated block of more than one page */
    PAGE_SLAB_TAIL = 1u << 12, /* second or later page of a slab */
    PAGE_ICACHE = 1u << 13,    /* its instructions are visible to the fetches of all harts */
};

struct page_cache;
struct slab_cache;

struct page {
    _Atomic uint32_t flags; /* (a) enum page_flag */
    _Atomic int32_t refs;   /* (a) 0: free or reserved */
    struct list_head link;  /* (z) free list; (s) the cache's lists; cached: reclaim's list */
    union {
        struct {                           /* PAGE_SLAB */
            struct slab_cache *slab_cache; /* (s) */
            void *slab_free;               /* (s) first free object */
        };
        struct page *slab_head;       /* PAGE_SLAB_TAIL (s) */
        struct {                      /* PAGE_CACHED */
            struct page_cache *cache; /* (c) NULL once removed */
            pgoff_t index;            /* (c) in pages */
        };
    };
    union {
        uint32_t slab_used;       /* PAGE_SLAB (s) objects in use */
        _Atomic int32_t mapcount; /* (a) user page-table entries that map it */
    };
    union {
        uint32_t order;       /* PAGE_BUDDY (z) the block has 2^order pages */
        uint32_t block_pages; /* PAGE_HEAD (o) pages of the block */
        int32_t read_error;   /* PAGE_ERROR: why, a negative errno */
    };
#if defined(FATHOM_DEBUG)
    struct debug_trace allocated, freed; /* (o) by whom last */
#endif
};

/* There is one for each 4 KiB: more than this would be felt. */
#if !defined(FATHOM_DEBUG)
_Static_assert(sizeof(struct page) <= 64, "struct page has grown");
#endif

extern struct page *page_array; /* (i) */
extern pfn_t page_first_pfn;    /* (i) pfn of page_array[0] */
extern pfn_t page_end_pfn;      /* (i) one past the last */

/* Makes the array, [first, end) in memory given by the caller, every page reserved. */
void page_array_init(void *memory, pfn_t first, pfn_t end);

/* Whether the frame has a struct page: false for device registers and nonsense. */
static inline bool pfn_has_page(pfn_t pfn)
{
    return pfn >= page_first_pfn && pfn < page_end_pfn;
}

static inline pfn_t page_to_pfn(const struct page *page)
{
    return page_first_pfn + (pfn_t)(page - page_array);
}

static inline paddr_t page_to_phys(const struct page *page)
{
    return page_to_pfn(page) << PAGE_SHIFT;
}

/* pfn_has_page(pfn) must be true, here and below. */
static inline struct page *pfn_to_page(pfn_t pfn)
{
    return page_array + (pfn - page_first_pfn);
}

static inline struct page *phys_to_page(paddr_t pa)
{
    return pfn_to_page(pa >> PAGE_SHIFT);
}

/* The page's bytes, in the linear map. */
static inline void *page_address(const struct page *page)
{
    return phys_to_virt(page_to_phys(page));
}

/* The page of a kernel address in the linear map. */
static inline struct page *virt_to_page(const void *va)
{
    return phys_to_page(virt_to_phys(va));
}

/* Whether any of the flags is set. */
static inline bool page_test(const struct page *page, uint32_t flags)
{
    return page->flags & flags;
}

static inline void page_set(struct page *page, uint32_t flags)
{
    page->flags |= flags;
}

static inline void page_clear_flag(struct page *page, uint32_t flags)
{
    page->flags &= ~flags;
}

/* The pages of the allocation that this page is (the head of). */
static inline size_t page_block_pages(const struct page *page)
{
    return page_test(page, PAGE_HEAD) ? page->block_pages : 1;
}

/* Takes a reference more; the caller has one, or holds the lock of a cache that does. */
static inline void page_get(struct page *page)
{
    page->refs++;
}

/*
 * Gives one reference back; the last one frees the page, of a block's head the whole block. Any
 * context. The last owner has taken the page out of all lists and cleared PAGE_SLAB, PAGE_CACHED,
 * PAGE_LOCKED and PAGE_WRITEBACK. Lives in mm/alloc/buddy.c, which knows where pages go.
 */
void page_put(struct page *page);
