/*
 * Translation caches: this hart's, and by SBI's RFENCE extension those of others.
 *
 * Source: Privileged spec 1.12, 4.2.1 (sfence.vma); SBI 1.0, chapter 8.
 */
#pragma once

#include "lib/types.h"

/* Beyond this many pages, one flush of everything is cheaper than a flush for each page. */
#define TLB_FLUSH_PAGES_MAX 64

/* Forgets all of this hart's translations, global ones included. */
void tlb_flush_local(void);

/* Forgets this hart's translations of [start, end). */
void tlb_flush_local_range(vaddr_t start, vaddr_t end);

/*
 * Forgets the translations of [start, end) on the harts of mask (a bit for each hart index, this
 * hart included or not). Returns when all have.
 */
void tlb_flush_range(uint64_t harts, vaddr_t start, vaddr_t end);

/* Makes instructions that were stored before it visible to the fetches of the harts of mask. */
void icache_flush(uint64_t harts);

/* Loads the root page table at this physical address on this hart and forgets all translations. */
void satp_switch(paddr_t root);
