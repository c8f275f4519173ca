/* Page-table entries and their accounting; see pte_map.h. */
#include "mm/pte_map.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "mm/zero_page.h"

/*
 * Rights that the hardware cannot give alone imply others, as on Linux: W without R is reserved
 * (Privileged spec 1.12, 4.3.1), so what may be written may be read. No rights: V stays clear.
 */
uint64_t pte_rights(uint32_t vma_flags, bool writable)
{
    uint64_t rights = 0;

    if (vma_flags & (VMA_READ | VMA_WRITE))
        rights |= PTE_R;
    if (vma_flags & VMA_EXEC)
        rights |= PTE_X;
    if (vma_flags & VMA_WRITE && writable)
        rights |= PTE_W | PTE_D;
    return rights | PTE_U | PTE_A | (rights ? PTE_V : 0);
}

bool pte_allows(pte_t pte, uint32_t right)
{
    uint64_t need = PTE_V | (right == VMA_WRITE ? PTE_W : right == VMA_EXEC ? PTE_X : PTE_R);

    return (pte & need) == need;
}

int pte_prepare(struct mm *mm, vaddr_t va)
{
    struct page *spare = NULL;
    pte_t *slot;

    for (;;) {
        bool had_spare = spare;

        spin_lock(&mm->table_lock);
        slot = pgtable_build(mm->root, va, &spare);
        spin_unlock(&mm->table_lock);
        if (had_spare && !spare)
            mm->table_pages++;
        if (slot)
            break;
        spare = pgtable_page_alloc();
        if (!spare)
            return -ENOMEM;
    }
    if (spare)
        page_put(spare);
    return 0;
}

static void note_peak(struct mm *mm)
{
    uint64_t rss = mm->rss_anon + mm->rss_file;

    if (rss > mm->peak_rss)
        mm->peak_rss = rss;
}

void pte_map_page(struct mm *mm, pte_t *slot, struct page *page, uint64_t rights)
{
    assert(*slot == 0 && spin_held(&mm->table_lock));
    if (page_test(page, PAGE_ANON)) {
        mm->rss_anon++;
        note_peak(mm);
    } else if (page != zero_page) {
        page->mapcount++;
        mm->rss_file++;
        note_peak(mm);
    }
    pte_write(slot, pte_make(page_to_phys(page), rights));
}

struct page *pte_unmap_page(struct mm *mm, pte_t *slot)
{
    struct page *page = pte_page(*slot);

    assert(*slot != 0 && spin_held(&mm->table_lock));
    pte_write(slot, 0);
    if (page == zero_page)
        return NULL;
    if (page_test(page, PAGE_ANON)) {
        mm->rss_anon--;
    } else {
        page->mapcount--;
        mm->rss_file--;
    }
    return page;
}
