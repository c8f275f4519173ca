/* The reverse map; see rmap.h. */
#include "mm/rmap.h"

#include "arch/address.h"
#include "arch/tlb.h"
#include "lib/assert.h"
#include "mm/page_cache.h"
#include "mm/page_source.h"
#include "mm/pgtable.h"
#include "mm/pte_map.h"

/* What to do with an entry that maps the page; table_lock is held. */
typedef void rmap_fn(struct mm *mm, pte_t *slot, struct page *page);

struct page_cache *vma_cache(const struct vma *vma)
{
    return vma->source ? vma->source->cache : NULL;
}

void rmap_lock(const struct vma *vma)
{
    struct page_cache *cache = vma_cache(vma);

    if (cache)
        spin_lock(&cache->lock);
}

void rmap_unlock(const struct vma *vma)
{
    struct page_cache *cache = vma_cache(vma);

    if (cache)
        spin_unlock(&cache->lock);
}

void rmap_add_locked(struct vma *vma)
{
    struct page_cache *cache = vma_cache(vma);

    if (!cache)
        return;
    assert(spin_held(&cache->lock) && list_empty(&vma->mapping_link));
    list_add_tail(&vma->mapping_link, &cache->mappings);
}

void rmap_remove_locked(struct vma *vma)
{
    list_del(&vma->mapping_link);
}

void rmap_add(struct vma *vma)
{
    rmap_lock(vma);
    rmap_add_locked(vma);
    rmap_unlock(vma);
}

void rmap_remove(struct vma *vma)
{
    rmap_lock(vma);
    rmap_remove_locked(vma);
    rmap_unlock(vma);
}

static void unmap_one(struct mm *mm, pte_t *slot, struct page *page)
{
    pte_unmap_page(mm, slot);
    page_put(page); /* never the last: the caller has one */
}

static void protect_one(struct mm *mm, pte_t *slot, struct page *page)
{
    (void)mm;
    (void)page;
    pte_write(slot, *slot & ~(PTE_W | PTE_D));
}

/* Does fn to the entry that maps page in this VMA, if there is one. */
static void visit(struct vma *vma, struct page *page, rmap_fn *fn, uint64_t *harts)
{
    struct mm *mm = vma->mm;
    pgoff_t offset = page->index - vma->pgoff;
    pte_t *slot;

    if (page->index < vma->pgoff || offset >= vma_pages(vma))
        return;
    spin_lock(&mm->table_lock);
    slot = pgtable_lookup(mm->root, vma->start + (offset << PAGE_SHIFT));
    if (slot && *slot && pte_page(*slot) == page) {
        fn(mm, slot, page);
        *harts |= mm->harts; /* read after the entry was changed: see mm/mm.c */
    }
    spin_unlock(&mm->table_lock);
}

static void visit_cache(struct page_cache *cache, struct page *page, rmap_fn *fn, uint64_t *harts)
{
    struct vma *vma;

    assert(page_test(page, PAGE_LOCKED));
    spin_lock(&cache->lock);
    list_for_each_entry (vma, &cache->mappings, mapping_link) {
        visit(vma, page, fn, harts);
    }
    spin_unlock(&cache->lock);
}

static void visit_all(struct page *page, rmap_fn *fn, uint64_t *harts)
{
    assert(page->cache);
    if (page->mapcount > 0)
        visit_cache(page->cache, page, fn, harts);
}

/* Whatever mapcount says: a fault that saw the page in its cache may be about to map it. */
void rmap_unmap_taken(struct page_cache *cache, struct page *page, uint64_t *harts)
{
    assert(page->cache != cache);
    visit_cache(cache, page, unmap_one, harts);
}

void rmap_unmap(struct page *page, uint64_t *harts)
{
    visit_all(page, unmap_one, harts);
}

void rmap_write_protect(struct page *page, uint64_t *harts)
{
    visit_all(page, protect_one, harts);
}

void rmap_flush(uint64_t harts)
{
    if (harts)
        tlb_flush_range(harts, 0, USER_TOP);
}
