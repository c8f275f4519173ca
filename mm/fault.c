/*
 * Page faults, and what else goes through a page table by hand.
 *
 *     mm_fault          the address: is it user space?
 *       look_up         the VMA that holds it (or grows to: vma_grow.c), and the right
 *       resolve         the entry: 0, or there but not enough
 *         fault_*       the page (fault_page.c)
 *
 * A fault may come for an entry that already allows the access: another hart made it, and this one
 * remembers that there was nothing (Privileged spec 1.12, 4.2.1), or the hart wants A or D set by
 * software, which here they always are. Then translations are forgotten, and that is all.
 *
 * Lock order: mm->lock (reading), then as fault_page.c. A fault in the kernel's own copying to or
 * from user memory comes here as well, so nobody copies while holding mm->lock or a spin lock.
 */
#include "mm/fault.h"

#include "arch/address.h"
#include "arch/tlb.h"
#include "lib/assert.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/fault_page.h"
#include "mm/oom.h"
#include "mm/page_source.h"
#include "mm/pte_map.h"
#include "mm/vma_grow.h"
#include "sched/sched.h"
#include "sched/task.h"

static uint32_t right_for(enum fault_access access)
{
    switch (access) {
    case FAULT_WRITE:
        return VMA_WRITE;
    case FAULT_EXEC:
        return VMA_EXEC;
    default:
        return VMA_READ | VMA_WRITE; /* what may be written may be read, as the hardware has it */
    }
}

/* Finds the VMA of f->va and checks the right: FAULT_OK with f->vma set. */
static enum fault_result look_up(struct fault *f)
{
    f->vma = vma_find(&f->mm->vmas, f->va);
    if (!f->vma || f->vma->start > f->va)
        return FAULT_NO_VMA;
    return f->vma->flags & right_for(f->access) ? FAULT_OK : FAULT_NO_RIGHT;
}

static pte_t entry_now(struct fault *f)
{
    pte_t pte;

    spin_lock(&f->mm->table_lock);
    pte = *pgtable_lookup(f->mm->root, f->va);
    spin_unlock(&f->mm->table_lock);
    return pte;
}

static enum fault_result resolve(struct fault *f)
{
    if (pte_prepare(f->mm, f->va))
        return FAULT_NO_MEMORY;
    f->seen = entry_now(f);
    if (pte_allows(f->seen, right_for(f->access))) {
        tlb_flush_local();
        return FAULT_OK;
    }
    if (!f->seen)
        return f->vma->source ? fault_source(f) : fault_anon(f);
    /* The VMA allows more than the entry: that can only be writing (mprotect keeps the rest equal).
     */
    assert(pte_valid(f->seen) && f->access == FAULT_WRITE);
    return f->vma->flags & VMA_SHARED ? fault_make_dirty(f) : fault_copy(f);
}

static enum fault_result try_fault(struct fault *f)
{
    enum fault_result result;

    rw_lock_read(&f->mm->lock);
    result = look_up(f);
    if (result == FAULT_OK)
        result = resolve(f);
    rw_unlock_read(&f->mm->lock);
    return result;
}

static void count_fault(const struct fault *f)
{
    struct usage *usage = &current_task()->usage;

    if (f->major)
        usage->major_faults++;
    else
        usage->minor_faults++;
}

enum fault_result mm_fault(struct mm *mm, vaddr_t va, enum fault_access access)
{
    struct fault f = {.mm = mm, .va = ALIGN_DOWN(va, PAGE_SIZE), .access = access};
    enum fault_result result;
    uint64_t short_since = 0;

    if (va < USER_BASE || va >= USER_TOP)
        return FAULT_NO_VMA;
    for (;;) {
        int error;

        result = try_fault(&f);
        if (result == FAULT_NO_VMA && vma_grow(mm, va))
            continue;
        if (result != FAULT_NO_MEMORY)
            break;
        error = oom_relieve(&short_since);
        if (error) {
            result = error == -EINTR ? FAULT_KILLED : FAULT_NO_MEMORY;
            break;
        }
    }
    count_fault(&f);
    return result;
}

/* How populating touches the pages of a VMA, and whether it can. */
static bool populate_access(const struct vma *vma, enum fault_access *access)
{
    if ((vma->flags & (VMA_WRITE | VMA_SHARED)) == VMA_WRITE)
        *access = FAULT_WRITE;
    else if (vma->flags & (VMA_READ | VMA_WRITE))
        *access = FAULT_READ;
    else
        *access = FAULT_EXEC;
    return vma->flags & VMA_PROT_MASK;
}

/* What is at va now, at [*va, *end): false at the end of the range. */
static bool populate_next(struct mm *mm, vaddr_t *va, vaddr_t *end, enum fault_access *access)
{
    struct vma *vma;
    bool can = false;

    rw_lock_read(&mm->lock);
    vma = vma_find_overlap(&mm->vmas, *va, *end);
    if (vma) {
        can = populate_access(vma, access);
        *va = MAX(*va, vma->start);
        *end = MIN(*end, vma->end);
    }
    rw_unlock_read(&mm->lock);
    return can;
}

void mm_populate(struct mm *mm, vaddr_t start, vaddr_t end)
{
    enum fault_access access;
    vaddr_t va = start, stop = end;

    for (; va < end && populate_next(mm, &va, &stop, &access); stop = end) {
        for (; va < stop; va += PAGE_SIZE) {
            if (signal_fatal_pending() || mm_fault(mm, va, access) != FAULT_OK)
                return;
            sched_relax();
        }
    }
}

size_t mm_describe(struct mm *mm, vaddr_t va, char *buf, size_t size)
{
    struct vma *vma;
    int n;

    rw_lock_read(&mm->lock);
    vma = vma_find(&mm->vmas, va);
    if (!vma || vma->start > va) {
        n = fmt_snprintf(buf, size, "no mapping");
    } else {
        n = fmt_snprintf(buf, size, "%c%c%c ", vma->flags & VMA_READ ? 'r' : '-',
                         vma->flags & VMA_WRITE ? 'w' : '-', vma->flags & VMA_EXEC ? 'x' : '-');
        if (vma->source && (size_t)n < size)
            n += (int)vma->source->ops->name(vma->source, buf + n, size - (size_t)n);
        else if ((size_t)n < size)
            n += fmt_snprintf(buf + n, size - (size_t)n, "%s",
                              vma->flags & VMA_STACK ? "stack" : "anonymous memory");
    }
    rw_unlock_read(&mm->lock);
    return MIN((size_t)n, size);
}

/* The page at va with a reference, if its entry allows the access now. */
static struct page *page_now(struct mm *mm, vaddr_t va, enum fault_access access)
{
    struct page *page = NULL;
    pte_t *slot;

    spin_lock(&mm->table_lock);
    slot = pgtable_lookup(mm->root, va);
    if (slot && pte_allows(*slot, right_for(access))) {
        page = pte_page(*slot);
        page_get(page);
    }
    spin_unlock(&mm->table_lock);
    return page;
}

/* The same, faulted in if it must be; NULL: it cannot be. */
static struct page *page_for(struct mm *mm, vaddr_t va, enum fault_access access)
{
    struct page *page = NULL;

    if (va < USER_BASE || va >= USER_TOP)
        return NULL;
    while (!(page = page_now(mm, va, access)))
        if (mm_fault(mm, va, access) != FAULT_OK)
            return NULL;
    return page;
}

/* Copies between buf and user memory, a page at a time. */
static size_t copy(struct mm *mm, vaddr_t va, void *buf, size_t n, enum fault_access access)
{
    size_t done = 0;

    while (done < n) {
        size_t offset = (va + done) % PAGE_SIZE, part = MIN(n - done, PAGE_SIZE - offset);
        struct page *page = page_for(mm, va + done, access);
        char *at;

        if (!page)
            break;
        at = (char *)page_address(page) + offset;
        if (access == FAULT_WRITE)
            memcpy(at, (char *)buf + done, part);
        else
            memcpy((char *)buf + done, at, part);
        page_put(page);
        done += part;
    }
    return done;
}

size_t mm_copy_out(struct mm *mm, vaddr_t src, void *dst, size_t n)
{
    return copy(mm, src, dst, n, FAULT_READ);
}

size_t mm_copy_in(struct mm *mm, vaddr_t dst, const void *src, size_t n)
{
    return copy(mm, dst, (void *)src, n, FAULT_WRITE);
}
