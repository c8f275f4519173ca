/*
 * The reverse map: from a cached page to the page tables that map it. Each page cache lists the
 * VMAs that map it (cache->mappings); a page's address in each follows from its index, so nothing
 * is kept for each page but the count of its mappings.
 *
 * A VMA's bounds, and its place on the list, change under cache->lock; its mm stays alive as long
 * as it is on the list. Order: cache->lock, then table_lock of one mm.
 */
#pragma once

#include "mm/alloc/page.h"
#include "mm/vma.h"

/* The cache that a VMA maps, or NULL. */
struct page_cache *vma_cache(const struct vma *vma);

/* A VMA with all fields set joins or leaves the list of its cache, if it has one. */
void rmap_add(struct vma *vma);
void rmap_remove(struct vma *vma);

/* Locks the list around a change of the VMA's bounds; nothing if it has no cache. */
void rmap_lock(const struct vma *vma);
void rmap_unlock(const struct vma *vma);

/* The same under rmap_lock(), for a VMA with the same source. */
void rmap_add_locked(struct vma *vma);
void rmap_remove_locked(struct vma *vma);

/*
 * Takes every user mapping of a cached page away. The caller holds the page's lock bit (so that it
 * stays in its cache) and a reference. Adds to *harts those that may remember the mapping: until
 * rmap_flush() the page may still be read, or written if it was writable.
 */
void rmap_unmap(struct page *page, uint64_t *harts);

/*
 * Takes every user mapping away of a page that has just left this cache (page_cache_take()): locked
 * and with a reference, as above.
 */
void rmap_unmap_taken(struct page_cache *cache, struct page *page, uint64_t *harts);

/*
 * Makes every user mapping of the page read-only: after rmap_flush() the next write faults, and
 * notes the page dirty. As above.
 */
void rmap_write_protect(struct page *page, uint64_t *harts);

/* Makes these harts forget what was changed; once for many pages, because others must answer. */
void rmap_flush(uint64_t harts);
