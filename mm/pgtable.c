/*
 * User page tables: three levels of 512 entries (Sv39). Walks count levels down from the root and
 * know nothing else about them.
 *
 * The root's upper half is a copy of kernel_root's, whose entries never change (mm/alloc/kmap.h).
 */
#include "mm/pgtable.h"

#include "arch/address.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/alloc/buddy.h"
#include "mm/alloc/kmap.h"

#define ROOT_LEVEL   (PT_LEVELS - 1)
#define USER_ENTRIES (PT_ENTRIES / 2)

struct page *pgtable_page_alloc(void)
{
    return page_alloc(ALLOC_ZERO);
}

pte_t *pgtable_create(void)
{
    struct page *page = pgtable_page_alloc();
    pte_t *root;

    if (!page)
        return NULL;
    root = page_address(page);
    memcpy(root + USER_ENTRIES, kernel_root + USER_ENTRIES, USER_ENTRIES * sizeof(pte_t));
    return root;
}

void pgtable_destroy(pte_t *root)
{
    for (size_t i = 0; i < USER_ENTRIES; i++)
        assert(root[i] == 0);
    page_put(virt_to_page(root));
}

/* The table that an entry above the last level points to. */
static pte_t *table_of(pte_t pte)
{
    assert(pte_valid(pte) && !pte_leaf(pte));
    return phys_to_virt(pte_phys(pte));
}

pte_t *pgtable_build(pte_t *root, vaddr_t va, struct page **spare)
{
    pte_t *table = root;

    assert(va < USER_TOP);
    for (int level = ROOT_LEVEL; level > 0; level--) {
        pte_t *slot = &table[pt_index(va, level)];

        if (!*slot) {
            if (!*spare)
                return NULL;
            pte_write(slot, pte_make(page_to_phys(*spare), PTE_V));
            *spare = NULL;
        }
        table = table_of(*slot);
    }
    return &table[pt_index(va, 0)];
}

pte_t *pgtable_lookup(pte_t *root, vaddr_t va)
{
    struct page *none = NULL;

    return pgtable_build(root, va, &none);
}

/* The entry for va, or the level whose entry is missing. */
static pte_t *lookup_level(pte_t *root, vaddr_t va, int *missing)
{
    pte_t *table = root;

    for (int level = ROOT_LEVEL; level > 0; level--) {
        pte_t slot = table[pt_index(va, level)];

        if (!slot) {
            *missing = level;
            return NULL;
        }
        table = table_of(slot);
    }
    return &table[pt_index(va, 0)];
}

pte_t *pgtable_run(pte_t *root, vaddr_t *va, vaddr_t end, size_t *count)
{
    assert(end <= USER_TOP);
    while (*va < end) {
        int missing = 0;
        pte_t *slot = lookup_level(root, *va, &missing);
        vaddr_t next;

        if (slot) {
            *count = MIN(PT_ENTRIES - pt_index(*va, 0), (end - *va) >> PAGE_SHIFT);
            return slot;
        }
        next = ALIGN_DOWN(*va, pt_level_size(missing)) + pt_level_size(missing);
        *va = MIN(next, end);
    }
    return NULL;
}

unsigned pgtable_walk(const pte_t *root, vaddr_t va, pte_t entries[PT_LEVELS])
{
    const pte_t *table = root;
    unsigned count = 0;

    assert(va < USER_TOP);
    for (int level = ROOT_LEVEL; level >= 0; level--) {
        pte_t slot = table[pt_index(va, level)];

        entries[count++] = slot;
        if (level == 0 || !slot)
            break;
        table = table_of(slot);
    }
    return count;
}

/*
 * Unlinks what serves the gap below the table at `level` that begins at base, onto the list;
 * returns how many.
 */
static size_t unlink_below(pte_t *table, int level, vaddr_t base, const struct pgtable_gap *gap,
                           struct list_head *tables)
{
    uint64_t size = pt_level_size(level);
    vaddr_t start = MAX(base, gap->start), end = MIN(base + size * PT_ENTRIES, gap->end);
    size_t count = 0;

    for (vaddr_t va = ALIGN_DOWN(start, size); va < end; va += size) {
        pte_t *slot = &table[pt_index(va, level)];

        if (!*slot)
            continue;
        if (level > 1)
            count += unlink_below(table_of(*slot), level - 1, va, gap, tables);
        if (va >= gap->low && va + size <= gap->high) {
            list_add(&virt_to_page(table_of(*slot))->link, tables);
            pte_write(slot, 0);
            count++;
        }
    }
    return count;
}

size_t pgtable_unlink(pte_t *root, const struct pgtable_gap *gap, struct list_head *tables)
{
    assert(gap->low <= gap->start && gap->end <= gap->high && gap->high <= USER_TOP);
    return unlink_below(root, ROOT_LEVEL, 0, gap, tables);
}

static size_t count_below(const pte_t *table, int level, size_t entries)
{
    size_t count = 1;

    for (size_t i = 0; level > 0 && i < entries; i++)
        if (table[i])
            count += count_below(table_of(table[i]), level - 1, PT_ENTRIES);
    return count;
}

size_t pgtable_count(const pte_t *root)
{
    return count_below(root, ROOT_LEVEL, USER_ENTRIES);
}
