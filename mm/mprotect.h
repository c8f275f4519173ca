/* mprotect(2): other rights for what is mapped. */
#pragma once

#include "mm/mm.h"

/*
 * Arguments as user space gave them. Takes mm->lock for writing. As on Linux, what lies before a
 * hole or a VMA that refuses has changed when the call fails: -ENOMEM for a hole (or when memory or
 * VMAs run out), -EACCES for a right that the mapping cannot have, -EINVAL.
 */
int mm_mprotect(struct mm *mm, vaddr_t addr, uint64_t length, unsigned prot);
