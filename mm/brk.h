/* brk(2): the heap's end. */
#pragma once

#include "mm/mm.h"

/* brk(2) as the kernel has it: returns the new break, or the old one when it cannot be. */
vaddr_t mm_brk(struct mm *mm, vaddr_t brk);
