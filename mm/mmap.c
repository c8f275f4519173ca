/*
 * mmap and munmap. A call goes through one context, struct mapping, a function a stage:
 *
 *     check_request   what can be said of the arguments alone
 *     place           the address: as fixed, as hinted, or the highest free one
 *     check_source    by the kind of mapping: how the file was opened, what goes together
 *     check_limits    RLIMIT_AS, RLIMIT_DATA, more than there can ever be
 *     prepare         what must be allocated
 *     commit          out with what was there, in with the new: cannot fail
 *
 * The order of the checks is Linux's, so that of two errors the same one is reported.
 *
 * Overcommit: one mapping of private writable or shared anonymous memory larger than all of RAM is
 * refused (unless MAP_NORESERVE), the rest is let through: Linux's heuristic mode, 0.
 */
#include "mm/mmap.h"

#include "arch/address.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/alloc/buddy.h"
#include "mm/fault.h"
#include "mm/page_cache.h"
#include "mm/page_source.h"
#include "mm/shmem.h"
#include "mm/vma_set.h"

/* What MAP_SHARED_VALIDATE knows; any other bit is refused with it (Linux: LEGACY_MAP_MASK). */
#define MAP_VALIDATED                                                                              \
    (MAP_SHARED_VALIDATE | MAP_FIXED | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_DENYWRITE |             \
     MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK |       \
     MAP_HUGETLB)

struct mapping {
    struct mm *mm;
    const struct mmap_request *req;
    unsigned flags; /* the request's; MAP_FIXED_NOREPLACE implies MAP_FIXED */
    vaddr_t addr;
    uint64_t length;            /* whole pages */
    uint32_t vma_flags;         /* enum vma_flag */
    struct page_source *source; /* what the VMA will map; with a reference once prepared */
    pgoff_t pgoff;
    struct vma *vma;         /* made by prepare */
    struct vma_cut cut;      /* made by prepare */
    struct list_head doomed; /* VMAs that were there */
};

static int check_request(struct mapping *m)
{
    const struct mmap_request *req = m->req;
    pgoff_t pgoff = req->offset >> PAGE_SHIFT;

    if (!IS_ALIGNED(req->offset, PAGE_SIZE))
        return -EINVAL;
    if (req->flags & MAP_HUGETLB) /* there is no pool of huge pages, nor a file system of them */
        return req->source ? -EINVAL : -ENOMEM;
    if (req->length == 0)
        return -EINVAL;
    m->flags = req->flags | (req->flags & MAP_FIXED_NOREPLACE ? MAP_FIXED : 0);
    m->length = ALIGN_UP(req->length, PAGE_SIZE);
    if (m->length == 0) /* wrapped around */
        return -ENOMEM;
    if (pgoff + (m->length >> PAGE_SHIFT) < pgoff)
        return -EOVERFLOW;
    if (m->mm->vmas.count > MM_VMA_MAX || m->length > USER_TOP)
        return -ENOMEM;
    return 0;
}

static uint32_t flags_of(const struct mapping *m)
{
    uint32_t flags = m->req->vma_flags | (m->req->prot & VMA_PROT_MASK);

    flags |= VMA_MAY_READ | VMA_MAY_WRITE | VMA_MAY_EXEC;
    if (m->flags & MAP_GROWSDOWN)
        flags |= VMA_GROWSDOWN;
    if (m->flags & MAP_GROWSUP)
        flags |= VMA_GROWSUP;
    if (m->flags & MAP_LOCKED)
        flags |= VMA_LOCKED;
    if (m->flags & MAP_NORESERVE)
        flags |= VMA_NORESERVE;
    return flags;
}

/* Whether [addr, addr + length) is free, and nobody's guard page. */
static bool is_free(const struct mm *mm, vaddr_t addr, uint64_t length)
{
    return vma_find_gap(&mm->vmas, length, addr, addr + length) == addr;
}

/* The hint if it is free, else the highest free place below mmap_top, else above. */
static int place_anywhere(struct mapping *m)
{
    struct mm *mm = m->mm;
    vaddr_t hint = ALIGN_DOWN(m->req->addr, PAGE_SIZE);

    if (hint && hint < mm->vmas.lowest)
        hint = mm->vmas.lowest;
    if (hint && hint <= mm->vmas.highest - m->length && is_free(mm, hint, m->length))
        m->addr = hint;
    else
        m->addr = vma_find_gap(&mm->vmas, m->length, mm->vmas.lowest, mm->mmap_top);
    if (!m->addr)
        m->addr = vma_find_gap(&mm->vmas, m->length, mm->vmas.lowest, mm->vmas.highest);
    return m->addr ? 0 : -ENOMEM;
}

static int place_fixed(struct mapping *m)
{
    m->addr = m->req->addr;
    if (m->addr > USER_TOP - m->length)
        return -ENOMEM;
    if (!IS_ALIGNED(m->addr, PAGE_SIZE))
        return -EINVAL;
    if (m->addr < m->mm->vmas.lowest)
        return -EPERM;
    if (m->flags & MAP_FIXED_NOREPLACE &&
        vma_find_overlap(&m->mm->vmas, m->addr, m->addr + m->length))
        return -EEXIST;
    return 0;
}

static int place(struct mapping *m)
{
    return m->flags & MAP_FIXED ? place_fixed(m) : place_anywhere(m);
}

/* What a shared mapping of this source may do; dirty pages need somebody to write them. */
static int check_shared(struct mapping *m)
{
    struct page_source *source = m->req->source;
    bool writable = source->cache && page_cache_writable(source->cache);

    if ((m->flags & MAP_TYPE) == MAP_SHARED_VALIDATE && m->flags & ~MAP_VALIDATED)
        return -EOPNOTSUPP;
    if (m->req->prot & PROT_WRITE && !source->may_write)
        return -EACCES;
    if (m->req->prot & PROT_WRITE && source->may_read && source->cache && !writable)
        return -ENODEV;
    m->vma_flags |= VMA_SHARED;
    if (!source->may_write || !writable)
        m->vma_flags &= ~(uint32_t)VMA_MAY_WRITE;
    return 0;
}

static int check_file(struct mapping *m)
{
    struct page_source *source = m->req->source;
    unsigned type = m->flags & MAP_TYPE;
    int error = 0;

    if (m->req->offset > INT64_MAX - m->length)
        return -EOVERFLOW;
    if (type == MAP_SHARED || type == MAP_SHARED_VALIDATE)
        error = check_shared(m);
    else if (type != MAP_PRIVATE)
        error = -EINVAL;
    if (error)
        return error;
    if (!source->may_read)
        return -EACCES;
    if (source->no_exec && m->req->prot & PROT_EXEC)
        return -EPERM;
    if (source->no_exec)
        m->vma_flags &= ~(uint32_t)VMA_MAY_EXEC;
    if (!source->cache)
        return -ENODEV;
    if (m->vma_flags & (VMA_GROWSDOWN | VMA_GROWSUP))
        return -EINVAL;
    m->source = source;
    m->pgoff = m->req->offset >> PAGE_SHIFT;
    return 0;
}

static int check_anonymous(struct mapping *m)
{
    switch (m->flags & MAP_TYPE) {
    case MAP_SHARED:
        if (m->vma_flags & (VMA_GROWSDOWN | VMA_GROWSUP))
            return -EINVAL;
        m->vma_flags |= VMA_SHARED;
        m->pgoff = 0;
        return 0;
    case MAP_PRIVATE:
        m->pgoff = m->addr >> PAGE_SHIFT;
        return 0;
    default:
        return -EINVAL;
    }
}

/* Pages of VMAs in [start, end), which a fixed mapping replaces. */
static uint64_t pages_replaced(const struct mm *mm, vaddr_t start, vaddr_t end)
{
    uint64_t pages = 0;

    for (struct vma *vma = vma_find_overlap(&mm->vmas, start, end); vma && vma->start < end;
         vma = vma_next(vma))
        pages += (MIN(end, vma->end) - MAX(start, vma->start)) >> PAGE_SHIFT;
    return pages;
}

static int check_limits(struct mapping *m)
{
    uint64_t pages = m->length >> PAGE_SHIFT, more = pages;
    bool counts = vma_is_data(m->vma_flags) || (!m->source && m->vma_flags & VMA_SHARED);

    if (!vma_set_may_grow(m->mm, pages, m->vma_flags))
        more -= pages_replaced(m->mm, m->addr, m->addr + m->length);
    if (!vma_set_may_grow(m->mm, more, m->vma_flags))
        return -ENOMEM;
    if (counts && !(m->vma_flags & VMA_NORESERVE) && pages > page_total())
        return -ENOMEM;
    return 0;
}

/* The source with a reference for the VMA: the file's, or new shared memory. 0 or -ENOMEM. */
static int prepare_source(struct mapping *m)
{
    if (m->source)
        m->source->ops->get(m->source);
    else if (m->vma_flags & VMA_SHARED)
        m->source = shmem_create(m->length);
    return m->source || !(m->vma_flags & VMA_SHARED) ? 0 : -ENOMEM;
}

static int prepare(struct mapping *m)
{
    int error;

    m->vma = vma_alloc(m->mm);
    if (!m->vma)
        return -ENOMEM;
    error = prepare_source(m);
    if (error)
        goto free_vma;
    m->vma->source = m->source; /* freed with the VMA */
    error = vma_cut_prepare(m->mm, &m->cut, m->addr, m->addr + m->length, 1);
    if (error)
        goto free_vma;
    return 0;

free_vma:
    list_add(&m->vma->mapping_link, &m->doomed); /* its source may be put only without mm->lock */
    return error;
}

static void commit(struct mapping *m)
{
    struct vma *vma = m->vma;

    vma_cut_apply(m->mm, &m->cut);
    vma_set_remove_range(m->mm, m->addr, m->addr + m->length, &m->doomed);
    vma->start = m->addr;
    vma->end = m->addr + m->length;
    vma->flags = m->vma_flags;
    vma->pgoff = m->pgoff;
    vma_set_insert(m->mm, vma);
}

static int map_locked(struct mapping *m)
{
    int error = check_request(m);

    if (error)
        return error;
    m->vma_flags = flags_of(m);
    error = place(m);
    if (!error)
        error = m->req->source ? check_file(m) : check_anonymous(m);
    if (!error)
        error = check_limits(m);
    if (!error)
        error = prepare(m);
    if (!error)
        commit(m);
    return error;
}

int64_t mm_mmap(struct mm *mm, const struct mmap_request *req)
{
    struct mapping m = {.mm = mm, .req = req};
    bool populate;
    int error;

    list_init(&m.doomed);
    rw_lock_write(&mm->lock);
    error = map_locked(&m);
    vma_set_debug_check(mm);
    rw_unlock_write(&mm->lock);
    vma_discard(&m.doomed);
    if (error)
        return error;
    populate = (req->flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
    if (populate || req->flags & MAP_LOCKED)
        mm_populate(mm, m.addr, m.addr + m.length);
    return (int64_t)m.addr;
}

/*
 *      [ a        ][ b ]     [ c      ]
 *             |munmap            |            a and c are cut, what lies between them goes
 *      [ a    ]                  [ c  ]
 */
int mm_munmap(struct mm *mm, vaddr_t addr, uint64_t length)
{
    struct list_head doomed = LIST_HEAD_INIT(doomed);
    struct vma_cut cut;
    int error;

    if (!IS_ALIGNED(addr, PAGE_SIZE) || addr > USER_TOP || length > USER_TOP - addr)
        return -EINVAL;
    length = ALIGN_UP(length, PAGE_SIZE);
    if (length == 0)
        return -EINVAL;
    rw_lock_write(&mm->lock);
    error = vma_cut_prepare(mm, &cut, addr, addr + length, 0);
    if (!error) {
        vma_cut_apply(mm, &cut);
        vma_set_remove_range(mm, addr, addr + length, &doomed);
    }
    vma_set_debug_check(mm);
    rw_unlock_write(&mm->lock);
    vma_discard(&doomed);
    return error;
}
