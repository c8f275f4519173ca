/*
 * The cases of a page fault; see fault_page.h. The races:
 *
 *     another thread faulted first      the entry is not as seen: what was got is put back
 *     the file was cut meanwhile        the page has left its cache, which is looked at under
 *                                       table_lock: either it is seen here, or the unmapping that
 *                                       follows a cut finds the new entry. The size, which a cut
 *                                       changes first, is looked at again once the page is there
 *     the page is being written out     a page is marked dirty before it is mapped writable, and
 *                                       writeback clears the mark before it makes mappings
 *                                       read-only: so no change is missed
 *     a stale translation elsewhere     an entry that maps another page from now on is cleared and
 *                                       flushed everywhere first, so no two harts use both pages
 */
#include "mm/fault_page.h"

#include "arch/tlb.h"
#include "kernel/hart.h"
#include "lib/assert.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/page_ops.h"
#include "mm/alloc/buddy.h"
#include "mm/page_cache.h"
#include "mm/page_source.h"
#include "mm/pte_map.h"
#include "mm/rmap.h"
#include "mm/zero_page.h"

/* Cached pages mapped around one that is faulted on, itself included; a power of two. */
#define FAULT_AROUND 16

/*
 * What the kernel stored to a page that will be executed becomes visible to instruction fetches,
 * once in the life of its content, before it is mapped. On all harts: a thread may run on any.
 */
static void make_fetchable(const struct vma *vma, struct page **pages, size_t count)
{
    bool flush = false;

    if (!(vma->flags & VMA_EXEC))
        return;
    for (size_t i = 0; i < count; i++)
        flush |= !page_test(pages[i], PAGE_ICACHE);
    if (!flush)
        return;
    icache_flush(hart_online_mask());
    for (size_t i = 0; i < count; i++)
        page_set(pages[i], PAGE_ICACHE);
}

/* Whether a page belongs in the VMA: private memory, or still the source's. */
static bool still_there(const struct vma *vma, const struct page *page)
{
    return page == zero_page || page_test(page, PAGE_ANON) || page->cache == vma_cache(vma);
}

/*
 * Maps page, whose reference is taken over either way, if the entry is as seen. What was mapped
 * before is given back. Whether it was mapped or not, the access is to be tried again.
 */
static void install(struct fault *f, struct page *page, bool writable)
{
    struct page *old = NULL;
    pte_t *slot;
    bool won;

    make_fetchable(f->vma, &page, 1);
    spin_lock(&f->mm->table_lock);
    slot = pgtable_lookup(f->mm->root, f->va);
    won = *slot == f->seen && still_there(f->vma, page);
    if (won && f->seen) {
        old = pte_unmap_page(f->mm, slot);
        tlb_flush_range(f->mm->harts, f->va, f->va + PAGE_SIZE);
    }
    if (won)
        pte_map_page(f->mm, slot, page, pte_rights(f->vma->flags, writable));
    spin_unlock(&f->mm->table_lock);
    if (old)
        page_put(old);
    if (!won && page != zero_page)
        page_put(page);
}

/* Gives write permission to the page that is mapped. table_lock is held. */
static void upgrade(struct fault *f, pte_t *slot)
{
    pte_write(slot, *slot | PTE_W | PTE_D);
    tlb_flush_range(BIT(hart_index()), f->va, f->va + PAGE_SIZE); /* others fault and find it */
}

static struct page *alloc_anon(unsigned flags)
{
    struct page *page = page_alloc(flags);

    if (page)
        page_set(page, PAGE_ANON);
    return page;
}

enum fault_result fault_anon(struct fault *f)
{
    struct page *page;

    if (f->access != FAULT_WRITE) {
        install(f, zero_page, false);
        return FAULT_OK;
    }
    page = alloc_anon(ALLOC_ZERO);
    if (!page)
        return FAULT_NO_MEMORY;
    install(f, page, true);
    return FAULT_OK;
}

/* The window around the fault: aligned, and inside of the VMA, so inside of one table. */
static void around_window(const struct fault *f, vaddr_t *start, size_t *count)
{
    vaddr_t low = ALIGN_DOWN(f->va, FAULT_AROUND * PAGE_SIZE);
    vaddr_t high = MIN(low + FAULT_AROUND * PAGE_SIZE, f->vma->end);

    *start = MAX(low, f->vma->start);
    *count = (high - *start) >> PAGE_SHIFT;
}

/*
 * Maps, read-only, what the cache has ready around the fault, where nothing is mapped yet. Returns
 * whether the page that was faulted on is mapped now.
 */
static bool map_around(struct fault *f, pgoff_t limit)
{
    struct page *pages[FAULT_AROUND];
    vaddr_t start;
    size_t count, ready;
    pte_t *slot;
    pgoff_t first;
    bool mapped;

    around_window(f, &start, &count);
    first = vma_index(f->vma, start);
    count = MIN(count, limit - first);
    ready = page_cache_find_ready(vma_cache(f->vma), first, count, pages);
    make_fetchable(f->vma, pages, ready);
    spin_lock(&f->mm->table_lock);
    slot = pgtable_lookup(f->mm->root, start);
    for (size_t i = 0; i < ready; i++) {
        pte_t *to = slot + (pages[i]->index - first);

        if (*to || !still_there(f->vma, pages[i]))
            continue;
        pte_map_page(f->mm, to, pages[i], pte_rights(f->vma->flags, false));
        pages[i] = NULL;
    }
    mapped = slot[(f->va - start) >> PAGE_SHIFT];
    spin_unlock(&f->mm->table_lock);
    for (size_t i = 0; i < ready; i++)
        if (pages[i])
            page_put(pages[i]);
    if (mapped)
        f->vma->ra.next = first + count; /* a reader going on faults there next */
    return mapped;
}

/* The source's page, up to date, with a reference; waits for the disk if it must. */
static struct page *source_page(struct fault *f, pgoff_t index, pgoff_t limit)
{
    struct page_cache *cache = vma_cache(f->vma);
    struct page *page = page_cache_find(cache, index);

    if (page && page_test(page, PAGE_UPTODATE)) {
        page_set(page, PAGE_REFERENCED);
        return page;
    }
    if (page)
        page_put(page);
    f->major = cache->ops->read_pages;
    return page_cache_read_ahead(cache, index, limit, &f->vma->ra);
}

static enum fault_result result_of(long error)
{
    switch (error) {
    case -ENOMEM:
        return FAULT_NO_MEMORY;
    case -EINTR:
        return FAULT_KILLED;
    default:
        return FAULT_BUS;
    }
}

/* Maps a private copy of page, which stays the caller's. */
static enum fault_result install_copy(struct fault *f, const struct page *page)
{
    struct page *copy = alloc_anon(page == zero_page ? ALLOC_ZERO : 0);

    if (!copy)
        return FAULT_NO_MEMORY;
    if (page != zero_page)
        page_copy(page_address(copy), page_address(page));
    install(f, copy, true);
    return FAULT_OK;
}

/* The end of the object, in pages, as it is now. */
static pgoff_t source_limit(struct page_source *source)
{
    return DIV_ROUND_UP(source->ops->size(source), PAGE_SIZE);
}

enum fault_result fault_source(struct fault *f)
{
    struct page_source *source = f->vma->source;
    pgoff_t index = vma_index(f->vma, f->va);
    pgoff_t limit = source_limit(source);
    bool write = f->access == FAULT_WRITE;
    enum fault_result result;
    struct page *page;

    if (index >= limit)
        return FAULT_BUS;
    if (!write && map_around(f, limit))
        return FAULT_OK;
    page = source_page(f, index, limit);
    if (IS_ERR(page))
        return result_of(PTR_ERR(page));
    if (index >= source_limit(source)) { /* made after a cut that it should have met */
        page_put(page);
        return FAULT_BUS;
    }
    if (write && !(f->vma->flags & VMA_SHARED)) {
        result = install_copy(f, page);
        page_put(page);
        return result;
    }
    if (write)
        page_set_dirty(page);
    install(f, page, write);
    return FAULT_OK;
}

/*
 * The page in the entry, with a reference, if the entry is as seen and the page must be copied.
 * NULL: the fault is resolved, because nobody else has the page or another thread was faster.
 */
static struct page *page_to_copy(struct fault *f)
{
    struct page *page = NULL;
    pte_t *slot;

    spin_lock(&f->mm->table_lock);
    slot = pgtable_lookup(f->mm->root, f->va);
    if (*slot == f->seen) {
        page = pte_page(f->seen);
        if (page_test(page, PAGE_ANON) && page->refs == 1) {
            upgrade(f, slot);
            page = NULL;
        } else {
            page_get(page);
        }
    }
    spin_unlock(&f->mm->table_lock);
    return page;
}

/* The reference on the old page is kept to the end: the entry is not as seen if it maps another. */
enum fault_result fault_copy(struct fault *f)
{
    struct page *old = page_to_copy(f);
    enum fault_result result;

    if (!old)
        return FAULT_OK;
    result = install_copy(f, old);
    page_put(old);
    return result;
}

enum fault_result fault_make_dirty(struct fault *f)
{
    pte_t *slot;

    spin_lock(&f->mm->table_lock);
    slot = pgtable_lookup(f->mm->root, f->va);
    if (*slot == f->seen) {
        page_set_dirty(pte_page(f->seen));
        upgrade(f, slot);
    }
    spin_unlock(&f->mm->table_lock);
    return FAULT_OK;
}
