#include "mm/madvise.h"

#include "arch/address.h"
#include "lib/errno.h"
#include "mm/zap.h"

/* The end of the range in whole pages: 0, -EINVAL, or -ENOMEM (outside of user space). */
static int check_range(vaddr_t addr, uint64_t length, vaddr_t *end)
{
    uint64_t size = ALIGN_UP(length, PAGE_SIZE);

    if (!IS_ALIGNED(addr, PAGE_SIZE) || (length && !size))
        return -EINVAL;
    if (addr > USER_TOP || size > USER_TOP - addr)
        return -ENOMEM;
    *end = addr + size;
    return 0;
}

/* Whether there is memory that is not mapped in [start, end); mm->lock is held. */
static bool has_hole(struct mm *mm, vaddr_t start, vaddr_t end)
{
    for (struct vma *vma = vma_find(&mm->vmas, start); start < end; vma = vma_next(vma)) {
        if (!vma || vma->start > start)
            return true;
        start = vma->end;
    }
    return false;
}

static bool advice_known(int advice)
{
    switch (advice) {
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_DONTNEED:
    case MADV_FREE:
    case MADV_COLD:
    case MADV_PAGEOUT:
        return true;
    default:
        return false;
    }
}

int mm_madvise(struct mm *mm, vaddr_t addr, uint64_t length, int advice)
{
    vaddr_t end;
    int error;

    if (!advice_known(advice))
        return -EINVAL;
    error = check_range(addr, length, &end);
    if (error)
        return error;
    rw_lock_write(&mm->lock);
    if (has_hole(mm, addr, end))
        error = -ENOMEM;
    if (addr < end && (advice == MADV_DONTNEED || advice == MADV_FREE))
        zap_range(mm, addr, end);
    rw_unlock_write(&mm->lock);
    return error;
}

int mm_msync(struct mm *mm, vaddr_t addr, uint64_t length, unsigned flags)
{
    vaddr_t end;
    int error;

    if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
        (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL;
    error = check_range(addr, length, &end);
    if (error)
        return error;
    rw_lock_read(&mm->lock);
    if (has_hole(mm, addr, end))
        error = -ENOMEM;
    rw_unlock_read(&mm->lock);
    return error;
}
