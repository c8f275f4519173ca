/*
 * The kernel's page tables, in four areas:
 *
 *   linear map   banks without no_map reservations and without the image, in the largest leaves
 *                that fit (1 GiB, 2 MiB, 4 KiB); RW. Made once.
 *   image        text R X, rodata R, data and bss RW, in 4 KiB leaves, less the guard of the boot
 *                stack. Made once.
 *   stacks       slots of 32 KiB: 16 KiB never mapped, 16 KiB stack. Filled and emptied.
 *   devices      from the bottom up, never given back.
 *
 * Root entries are complete when kmap_init() returns, so that copies of the root never get old:
 * those of the last three areas point to second-level tables from the start.
 *
 * Tables come from the memory map while there is one, later from the buddy allocator. An entry
 * that becomes valid is announced to this hart only (an entry that was invalid may be cached:
 * Privileged spec 1.12, 4.2.1); another hart meets a new stack only through a task switch, long
 * after, and a slot is never used again before every hart has forgotten its last use.
 *
 * Lock order: kmap_lock, then the buddy allocator's (tables, ALLOC_ATOMIC). Frames of stacks are
 * allocated and freed without it, because the former may call kstack_drain() as a shrinker.
 */
#include "mm/alloc/kmap.h"

#include "arch/address.h"
#include "arch/tlb.h"
#include "kernel/hart.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/bitmap.h"
#include "lib/errno.h"
#include "lib/page_ops.h"
#include "mm/alloc/buddy.h"

/* A and D are set at once: nothing here is ever reclaimed, and hardware may trap on a clear bit. */
#define PTE_KERNEL    (PTE_V | PTE_G | PTE_A | PTE_D)
#define PTE_KERNEL_RW (PTE_KERNEL | PTE_R | PTE_W)
#define PTE_KERNEL_RO (PTE_KERNEL | PTE_R)
#define PTE_KERNEL_RX (PTE_KERNEL | PTE_R | PTE_X)

#define ROOT_LEVEL   (PT_LEVELS - 1)
#define KERNEL_FIRST (PT_ENTRIES / 2) /* the first root entry of the upper half */

/* Sv39 has physical addresses of 56 bits (Privileged spec 1.12, 4.4.1). */
#define PHYS_LIMIT BIT(56)

#define KSTACK_PAGES (KSTACK_SIZE / PAGE_SIZE)
#define KSTACK_SLOTS ((IOMAP_BASE - KSTACK_BASE) / KSTACK_SLOT_SIZE)

#define IO_MAPPINGS_MAX 64

/* A free stack's memory holds the way to the next. */
struct free_stack {
    vaddr_t next; /* (k) base of its memory, 0: the last */
};

struct io_mapping {
    paddr_t start, end; /* whole pages */
    vaddr_t va;
};

/* The linker's symbols: where the parts of the image begin and end, all at pages. */
extern char kernel_start[], kernel_end[];
extern char text_start[], text_end[], rodata_start[], rodata_end[];
extern char data_start[], bss_end[];

pte_t *kernel_root;
char boot_stack_slot[KSTACK_SLOT_SIZE] __attribute__((aligned(KSTACK_SLOT_SIZE)));

static struct memory_map *early_map; /* while kmap_init() runs */

static struct spinlock kmap_lock = SPINLOCK_INIT("kmap");
static uint64_t kstack_slots[BITMAP_WORDS(KSTACK_SLOTS)]; /* (k) mapped slots */
static vaddr_t kstack_unused;                             /* (k) list of free stacks, 0: none */
static struct io_mapping io_mappings[IO_MAPPINGS_MAX];    /* (k) */
static size_t io_mapping_count;                           /* (k) */
static vaddr_t io_next = IOMAP_BASE;                      /* (k) from here on nothing is mapped */

/* -- Tables ------------------------------------------------------------------------------------ */

/* A cleared table, or NULL. */
static pte_t *table_alloc(void)
{
    if (early_map) {
        paddr_t pa = memory_map_take(early_map, PAGE_SIZE, PAGE_SIZE);

        if (!pa)
            return NULL;
        page_clear(phys_to_virt(pa));
        return phys_to_virt(pa);
    }
    struct page *page = page_alloc(ALLOC_ZERO | ALLOC_ATOMIC);

    return page ? page_address(page) : NULL;
}

/* Makes *pte point to a table, a new one if it is empty. Returns the table, or NULL. */
static pte_t *table_below(pte_t *pte)
{
    pte_t *table;

    if (pte_valid(*pte)) {
        assert(!pte_leaf(*pte));
        return phys_to_virt(pte_phys(*pte));
    }
    table = table_alloc();
    if (table)
        *pte = pte_make(virt_to_phys(table), PTE_V);
    return table;
}

/* The entry for va at this level, with tables made on the way; NULL when memory is short. */
static pte_t *kmap_walk(vaddr_t va, int level)
{
    pte_t *table = kernel_root;

    for (int at = ROOT_LEVEL; at > level; at--) {
        table = table_below(&table[pt_index(va, at)]);
        if (!table)
            return NULL;
    }
    return &table[pt_index(va, level)];
}

/* The largest leaf with which the mapping of size bytes can begin. */
static int leaf_level(vaddr_t va, paddr_t pa, uint64_t size, int max_level)
{
    int level = max_level;

    while (level > 0 && (!IS_ALIGNED(va | pa, pt_level_size(level)) || size < pt_level_size(level)))
        level--;
    return level;
}

/* Maps [va, va + size) to pa in leaves up to max_level; nothing is there yet. 0 or -ENOMEM. */
static int kmap_range(vaddr_t va, paddr_t pa, uint64_t size, uint64_t flags, int max_level)
{
    while (size > 0) {
        int level = leaf_level(va, pa, size, max_level);
        uint64_t step = pt_level_size(level);
        pte_t *pte = kmap_walk(va, level);

        if (!pte)
            return -ENOMEM;
        assert(!pte_valid(*pte));
        *pte = pte_make(pa, flags);
        va += step;
        pa += step;
        size -= step;
    }
    return 0;
}

/* -- What is made once ------------------------------------------------------------------------- */

static int map_linear_range(paddr_t start, paddr_t end)
{
    if (start >= end)
        return 0;
    return kmap_range((vaddr_t)phys_to_virt(start), start, end - start, PTE_KERNEL_RW, ROOT_LEVEL);
}

/* The banks, without what must not be mapped and without the image. */
static int map_linear(struct memory_map *map)
{
    paddr_t image_end = image_phys + (paddr_t)(kernel_end - kernel_start);
    struct memory_range r;
    paddr_t pos = 0;

    while (memory_map_next_mappable(map, &pos, &r)) {
        int error = map_linear_range(r.start, MIN(r.end, image_phys));

        if (!error)
            error = map_linear_range(MAX(r.start, image_end), r.end);
        if (error)
            return error;
    }
    return 0;
}

static int map_image_part(const char *start, const char *end, uint64_t flags)
{
    return kmap_range((vaddr_t)start, virt_to_phys(start), (uint64_t)(end - start), flags, 0);
}

static int map_image(void)
{
    int error = map_image_part(text_start, text_end, PTE_KERNEL_RX);

    if (!error)
        error = map_image_part(rodata_start, rodata_end, PTE_KERNEL_RO);
    if (!error)
        error = map_image_part(data_start, boot_stack_slot, PTE_KERNEL_RW);
    if (!error)
        error = map_image_part(boot_stack_slot + KSTACK_SIZE, bss_end, PTE_KERNEL_RW);
    return error;
}

static int build_tables(struct memory_map *map)
{
    int error;

    kernel_root = table_alloc();
    if (!kernel_root || !kmap_walk(KSTACK_BASE, ROOT_LEVEL - 1) ||
        !kmap_walk(IOMAP_BASE, ROOT_LEVEL - 1))
        return -ENOMEM;
    error = map_linear(map);
    return error ? error : map_image();
}

static size_t kstack_shrink(size_t want)
{
    (void)want;
    return kstack_drain();
}

int kmap_init(struct memory_map *map)
{
    int error;

    early_map = map;
    error = build_tables(map);
    early_map = NULL;
    if (error)
        return error;
    satp_switch(virt_to_phys(kernel_root));
    kmap_check();
    shrinker_register(kstack_shrink);
    return 0;
}

/* -- Device registers -------------------------------------------------------------------------- */

/* Where [start, end) is mapped already, or 0. kmap_lock is held. */
static vaddr_t io_find(paddr_t start, paddr_t end)
{
    for (size_t i = 0; i < io_mapping_count; i++) {
        const struct io_mapping *m = &io_mappings[i];

        if (m->start <= start && end <= m->end)
            return m->va + (start - m->start);
    }
    return 0;
}

/* Maps [start, end) at the end of the area; the address, or 0. kmap_lock is held. */
static vaddr_t io_map(paddr_t start, paddr_t end)
{
    vaddr_t va = io_next;

    if (end - start > IMAGE_BASE - va)
        return 0;
    io_next += end - start; /* even when it fails: part of it may be mapped then */
    if (kmap_range(va, start, end - start, PTE_KERNEL_RW, 0))
        return 0;
    if (io_mapping_count < IO_MAPPINGS_MAX)
        io_mappings[io_mapping_count++] = (struct io_mapping){start, end, va};
    tlb_flush_local_range(va, io_next);
    return va;
}

void *ioremap(paddr_t pa, size_t size)
{
    paddr_t start = ALIGN_DOWN(pa, PAGE_SIZE), end;
    uint64_t irq;
    vaddr_t va;

    if (size == 0 || pa >= PHYS_LIMIT || size > PHYS_LIMIT - pa)
        return NULL;
    end = ALIGN_UP(pa + size, PAGE_SIZE);
    irq = spin_lock_irqsave(&kmap_lock);
    va = io_find(start, end);
    if (!va)
        va = io_map(start, end);
    spin_unlock_irqrestore(&kmap_lock, irq);
    return va ? (void *)(va + (pa - start)) : NULL;
}

/* -- Kernel stacks ----------------------------------------------------------------------------- */

static vaddr_t slot_stack(size_t slot)
{
    return KSTACK_BASE + slot * KSTACK_SLOT_SIZE + KSTACK_SIZE;
}

static size_t stack_slot(vaddr_t base)
{
    return (base - KSTACK_BASE) / KSTACK_SLOT_SIZE;
}

/* Takes a kept stack off the list: its base, or 0. kmap_lock is held. */
static vaddr_t unused_pop(void)
{
    vaddr_t base = kstack_unused;

    if (base)
        kstack_unused = ((const struct free_stack *)base)->next;
    return base;
}

/* Frames for one stack, all or none. */
static bool frames_alloc(struct page **frames)
{
    for (size_t i = 0; i < KSTACK_PAGES; i++) {
        frames[i] = page_alloc(0);
        if (!frames[i]) {
            while (i-- > 0)
                page_put(frames[i]);
            return false;
        }
    }
    return true;
}

/* Maps the frames in a free slot: the stack's base, or 0. kmap_lock is held. */
static vaddr_t frames_map(struct page **frames)
{
    size_t slot = bitmap_find_zero(kstack_slots, KSTACK_SLOTS, 0);
    vaddr_t base = slot_stack(slot);
    pte_t *pte = slot < KSTACK_SLOTS ? kmap_walk(base, 0) : NULL;

    if (!pte)
        return 0;
    for (size_t i = 0; i < KSTACK_PAGES; i++)
        pte[i] = pte_make(page_to_phys(frames[i]), PTE_KERNEL_RW);
    bitmap_set(kstack_slots, slot);
    tlb_flush_local_range(base, base + KSTACK_SIZE);
    return base;
}

static vaddr_t kstack_make(void)
{
    struct page *frames[KSTACK_PAGES];
    vaddr_t base;
    uint64_t irq;

    if (!frames_alloc(frames))
        return 0;
    irq = spin_lock_irqsave(&kmap_lock);
    base = frames_map(frames);
    spin_unlock_irqrestore(&kmap_lock, irq);
    if (!base)
        for (size_t i = 0; i < KSTACK_PAGES; i++)
            page_put(frames[i]);
    return base;
}

vaddr_t kstack_alloc(void)
{
    uint64_t irq = spin_lock_irqsave(&kmap_lock);
    vaddr_t base = unused_pop();

    spin_unlock_irqrestore(&kmap_lock, irq);
    if (!base)
        base = kstack_make();
    return base ? base + KSTACK_SIZE : 0;
}

void kstack_free(vaddr_t top)
{
    vaddr_t base = top - KSTACK_SIZE;
    uint64_t irq;

    assert(base >= KSTACK_BASE && top <= IOMAP_BASE && IS_ALIGNED(top, KSTACK_SLOT_SIZE));
    irq = spin_lock_irqsave(&kmap_lock);
    assert(bitmap_test(kstack_slots, stack_slot(base)));
    ((struct free_stack *)base)->next = kstack_unused;
    kstack_unused = base;
    spin_unlock_irqrestore(&kmap_lock, irq);
}

/* Unmaps a stack and puts its frames on the list. kmap_lock is held. */
static void frames_unmap(vaddr_t base, struct list_head *frames)
{
    pte_t *pte = kmap_walk(base, 0);

    for (size_t i = 0; i < KSTACK_PAGES; i++) {
        list_add(&phys_to_page(pte_phys(pte[i]))->link, frames);
        pte[i] = 0;
    }
}

/*
 * Slots and frames may be used again only when no hart remembers the old mapping, so the lock is
 * held until all have flushed; they do that without taking a lock (SBI, in M-mode).
 */
size_t kstack_drain(void)
{
    struct list_head frames = LIST_HEAD_INIT(frames);
    vaddr_t base, low = IOMAP_BASE, high = KSTACK_BASE;
    size_t pages = 0;
    uint64_t irq = spin_lock_irqsave(&kmap_lock);

    while ((base = unused_pop())) {
        frames_unmap(base, &frames);
        bitmap_clear(kstack_slots, stack_slot(base));
        low = MIN(low, base);
        high = MAX(high, base + KSTACK_SIZE);
    }
    if (low < high)
        tlb_flush_range(hart_online_mask() | BIT(hart_index()), low, high);
    spin_unlock_irqrestore(&kmap_lock, irq);
    while (!list_empty(&frames)) {
        struct page *page = list_first_entry(&frames, struct page, link);

        list_del(&page->link);
        page_put(page);
        pages++;
    }
    return pages;
}

bool kstack_is_guard(vaddr_t va)
{
    if (va >= KSTACK_BASE && va < IOMAP_BASE)
        return !(va & KSTACK_BIT);
    return va - (vaddr_t)boot_stack_slot < KSTACK_SIZE;
}

/* -- Checks ------------------------------------------------------------------------------------ */

/* Checks entries [first, PT_ENTRIES) of a table and all below. */
static void table_check(const pte_t *table, size_t first, int level)
{
    for (size_t i = first; i < PT_ENTRIES; i++) {
        pte_t pte = table[i];

        if (pte_leaf(pte)) {
            assert((pte & PTE_G) && !(pte & PTE_U) && (pte & PTE_R));
            assert(!((pte & PTE_W) && (pte & PTE_X)));
            assert(IS_ALIGNED(pte_phys(pte), pt_level_size(level)));
        } else if (pte_valid(pte)) {
            assert(level > 0);
            table_check(phys_to_virt(pte_phys(pte)), 0, level - 1);
        }
    }
}

void kmap_check(void)
{
    uint64_t irq = spin_lock_irqsave(&kmap_lock);

    table_check(kernel_root, KERNEL_FIRST, ROOT_LEVEL);
    for (size_t i = 0; i < KERNEL_FIRST; i++)
        assert(kernel_root[i] == 0);
    spin_unlock_irqrestore(&kmap_lock, irq);
}
