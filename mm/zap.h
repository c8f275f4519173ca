/*
 * Taking pages out of an address space. The translations of every hart that runs it are forgotten
 * before a page or table is given back.
 *
 * The caller holds mm->lock for writing, or the mm is nobody's any more. Sleeps in long ranges.
 */
#pragma once

#include "mm/mm.h"
#include "mm/pgtable.h"

/* Unmaps every page in [start, end). */
void zap_range(struct mm *mm, vaddr_t start, vaddr_t end);

/* Frees the page tables that serve an unmapped range and nothing outside the gap around it. */
void zap_tables(struct mm *mm, const struct pgtable_gap *gap);
