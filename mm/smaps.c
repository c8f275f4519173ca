/*
 * /proc/PID/smaps: for each VMA its line of maps, and how many kilobytes of it are there, counted
 * from the page table.
 *
 * A page is shared when more than one entry of any page table maps it, and dirty when it holds what
 * no file does: a file's page that was written to, any page of anonymous memory. The page of zeroes
 * counts as nothing, as in rss_anon. A page that PROT_NONE keeps (mm/pgtable.h) is there.
 */
#include "mm/smaps.h"

#include "lib/fmt.h"
#include "mm/alloc/page.h"
#include "mm/maps.h"
#include "mm/pgtable.h"
#include "mm/zero_page.h"

#define DETAIL_MAX  512 /* what follows the line of maps */
#define PAGE_KIB    (PAGE_SIZE / KIB)
#define SHARE_SHIFT 12 /* fixed point, so that a share of a page is no whole number */

struct smaps_count {
    uint64_t present, shared_clean, shared_dirty, private_clean, private_dirty; /* pages */
    uint64_t referenced, anonymous;                                             /* pages */
    uint64_t share; /* pages over their mappings, times 2^SHARE_SHIFT */
};

static void count_page(struct smaps_count *count, pte_t pte, const struct page *page)
{
    bool anonymous = page_test(page, PAGE_ANON);
    bool dirty = anonymous || page_test(page, PAGE_DIRTY);
    int32_t mappings = anonymous ? page->refs : page->mapcount; /* each mapping is a reference */

    count->present++;
    count->share += (1UL << SHARE_SHIFT) / (uint64_t)MAX(mappings, 1);
    count->referenced += (pte & PTE_A) != 0;
    count->anonymous += anonymous;
    if (mappings > 1)
        *(dirty ? &count->shared_dirty : &count->shared_clean) += 1;
    else
        *(dirty ? &count->private_dirty : &count->private_clean) += 1;
}

static void count_entry(struct smaps_count *count, pte_t pte)
{
    pfn_t pfn = pte_phys(pte) >> PAGE_SHIFT;

    if (pte && pfn_has_page(pfn) && pfn_to_page(pfn) != zero_page)
        count_page(count, pte, pfn_to_page(pfn));
}

/* mm->lock is held, so the tables stay; their entries change only under table_lock. */
static void count_vma(struct mm *mm, const struct vma *vma, struct smaps_count *count)
{
    vaddr_t va = vma->start;
    size_t entries = 0;
    pte_t *slot;

    do {
        spin_lock(&mm->table_lock);
        slot = pgtable_run(mm->root, &va, vma->end, &entries);
        for (size_t i = 0; slot && i < entries; i++)
            count_entry(count, slot[i]);
        spin_unlock(&mm->table_lock);
        va += entries * PAGE_SIZE;
    } while (slot && va < vma->end);
}

static size_t put_detail(const struct vma *vma, const struct smaps_count *count, char *buf,
                         size_t size)
{
    return (size_t)fmt_snprintf(buf, size,
                                "Size:           %8lu kB\n"
                                "KernelPageSize: %8lu kB\n"
                                "MMUPageSize:    %8lu kB\n"
                                "Rss:            %8lu kB\n"
                                "Pss:            %8lu kB\n"
                                "Shared_Clean:   %8lu kB\n"
                                "Shared_Dirty:   %8lu kB\n"
                                "Private_Clean:  %8lu kB\n"
                                "Private_Dirty:  %8lu kB\n"
                                "Referenced:     %8lu kB\n"
                                "Anonymous:      %8lu kB\n",
                                vma_pages(vma) * PAGE_KIB, PAGE_KIB, PAGE_KIB,
                                count->present * PAGE_KIB, (count->share * PAGE_KIB) >> SHARE_SHIFT,
                                count->shared_clean * PAGE_KIB, count->shared_dirty * PAGE_KIB,
                                count->private_clean * PAGE_KIB, count->private_dirty * PAGE_KIB,
                                count->referenced * PAGE_KIB, count->anonymous * PAGE_KIB);
}

size_t mm_smaps_text(struct mm *mm, char *buf, size_t size, vaddr_t *cursor)
{
    struct smaps_count count = {0};
    struct vma *vma;
    size_t len = 0;

    rw_lock_read(&mm->lock);
    vma = vma_find(&mm->vmas, *cursor);
    if (vma) {
        count_vma(mm, vma, &count);
        len = mm_maps_line(mm, vma, buf, size - DETAIL_MAX, false);
        len += put_detail(vma, &count, buf + len, size - len);
        *cursor = vma->end;
    }
    rw_unlock_read(&mm->lock);
    return len;
}
