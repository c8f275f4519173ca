/*
 * The calls that add mappings to an address space and take them away: mmap, munmap. Arguments are
 * as user space gave them; these functions validate all. Each takes mm->lock for writing and
 * changes all or nothing.
 *
 * Errors are mmap(2)'s and munmap(2)'s, looked for in Linux's order (do_mmap() in its mm/mmap.c).
 */
#pragma once

#include "mm/brk.h"
#include "mm/mm.h"
#include "mm/mman.h"
#include "mm/mprotect.h"

struct mmap_request {
    vaddr_t addr;
    uint64_t length;
    unsigned prot, flags;
    struct page_source *source; /* NULL: anonymous; the VMA takes its own reference */
    uint64_t offset;            /* bytes */
    uint32_t vma_flags; /* further enum vma_flag for the kernel's own mappings (stack …) */
};

/* Returns the address, or a negative errno. */
int64_t mm_mmap(struct mm *mm, const struct mmap_request *req);

int mm_munmap(struct mm *mm, vaddr_t addr, uint64_t length);
