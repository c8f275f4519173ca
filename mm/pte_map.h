/*
 * Entries of user page tables with the accounting that belongs to them: a mapped page has a
 * reference and counts in its mm's rss; a cached one counts its mappings as well.
 *
 * The caller holds mm->table_lock, except where said, and flushes translations where an entry that
 * was valid has changed.
 */
#pragma once

#include "mm/alloc/page.h"
#include "mm/mm.h"
#include "mm/pgtable.h"

/* The bits of an entry for a page of a VMA with these flags; W only if writable as well. */
uint64_t pte_rights(uint32_t vma_flags, bool writable);

/* Whether the entry itself lets user mode do this. */
bool pte_allows(pte_t pte, uint32_t right);

/* The page that an entry maps or holds; the entry is not 0. */
static inline struct page *pte_page(pte_t pte)
{
    return phys_to_page(pte_phys(pte));
}

/*
 * Makes the tables for va, so that pgtable_lookup() finds its entry from now on, as long as
 * mm->lock is held. Takes table_lock itself; sleeps. 0 or -ENOMEM.
 */
int pte_prepare(struct mm *mm, vaddr_t va);

/* Maps page in an entry that is 0; the caller's reference becomes the mapping's. */
void pte_map_page(struct mm *mm, pte_t *slot, struct page *page, uint64_t rights);

/* Clears an entry that is not 0: the page, whose reference is now the caller's; NULL: zero page. */
struct page *pte_unmap_page(struct mm *mm, pte_t *slot);
