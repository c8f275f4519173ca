/* The copy of an address space that fork makes. */
#pragma once

struct mm;

/*
 * A copy for fork, with one reference: the same VMAs, private pages shared copy-on-write; no page
 * is copied. Takes parent->lock. NULL when memory is short (nothing is left behind).
 */
struct mm *mm_fork(struct mm *parent);
