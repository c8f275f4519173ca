/*
 * madvise(2) and msync(2): what a program says about ranges that are mapped.
 */
#pragma once

#include "mm/mm.h"

/* Linux, include/uapi/asm-generic/mman-common.h. */
#define MADV_NORMAL     0
#define MADV_RANDOM     1
#define MADV_SEQUENTIAL 2
#define MADV_WILLNEED   3
#define MADV_DONTNEED   4
#define MADV_FREE       8
#define MADV_COLD       20
#define MADV_PAGEOUT    21

#define MS_ASYNC      1
#define MS_INVALIDATE 2
#define MS_SYNC       4

/*
 * MADV_DONTNEED and MADV_FREE drop the range's pages: private memory reads as zeroes again, or as
 * the file. The hints are accepted. 0; -EINVAL (not aligned, unknown advice), -ENOMEM (a hole, the
 * advice took effect on the rest).
 */
int mm_madvise(struct mm *mm, vaddr_t addr, uint64_t length, int advice);

/* No mapping can hold anything newer than its file yet, so this only checks: 0, -EINVAL, -ENOMEM
 * (a hole). */
int mm_msync(struct mm *mm, vaddr_t addr, uint64_t length, unsigned flags);
