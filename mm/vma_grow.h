/*
 * VMAs that grow when somebody touches memory beside them.
 *
 *     VMA_GROWSDOWN   to any address below, as Linux does, as far as RLIMIT_STACK allows
 *     VMA_GROWSUP     by the page just past its end (this course's own)
 *
 * One guard page to the next VMA stays free in either direction (VMA_GUARD).
 */
#pragma once

#include "mm/mm.h"

/*
 * Grows a VMA to hold va, to which nothing is mapped. Takes mm->lock for writing. False: nothing
 * grows there, or not so far.
 */
bool vma_grow(struct mm *mm, vaddr_t va);
