/*
 * Address spaces on the host: the kernel's mm/ on the arena, user loads and stores done by walking
 * the page table as the hardware would, and a file whose content follows from the page's index.
 *
 * A test that includes this names:
 *
 *   mm/ *.c but reclaim's users, mm/alloc/{memory_map,page,buddy,shrinker,slab,kmalloc}.c
 *   lib/{rbtree,page_ops,fdt,fdt_blob,fmt}.c
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmap.h"
#include "mm/fault.h"
#include "mm/mm.h"
#include "mm/mm_fork.h"
#include "mm/mmap.h"
#include "mm/page_cache.h"
#include "mm/page_source.h"
#include "mm/pgtable.h"
#include "mm/pte_map.h"
#include "mm/reclaim.h"
#include "tests/host/support/host_alloc.h"
#include "tests/host/support/sched_host.h"

/* The machine's root table, which kmap.c would make. */
static pte_t host_root[PT_ENTRIES];
pte_t *kernel_root = host_root;

/* A file. */
struct host_file {
    struct page_source source;
    struct page_cache cache;
    int refs;
    uint64_t size;
    bool broken; /* reads fail */
};

static inline uint64_t host_file_word(pgoff_t index, unsigned word)
{
    return 0xf11e0000UL + index * 512 + word;
}

static inline struct host_file *host_file_of(struct page_source *source)
{
    return container_of(source, struct host_file, source);
}

static inline void host_file_get(struct page_source *source)
{
    host_file_of(source)->refs++;
}

static inline void host_file_put(struct page_source *source)
{
    assert(host_file_of(source)->refs > 0);
    host_file_of(source)->refs--;
}

static inline size_t host_file_name(struct page_source *source, char *buf, size_t size)
{
    (void)source;
    return str_copy(buf, "/bin/x", size);
}

static inline uint64_t host_file_size(struct page_source *source)
{
    return host_file_of(source)->size;
}

static inline void host_file_read(struct page_cache *cache, struct page **pages, size_t count)
{
    const struct host_file *file = cache->owner;

    for (size_t i = 0; i < count; i++) {
        uint64_t *words = page_address(pages[i]);

        for (unsigned w = 0; w < PAGE_SIZE / 8; w++)
            words[w] = host_file_word(pages[i]->index, w);
        page_read_done(pages[i], file->broken ? -EIO : 0);
    }
}

static const struct page_source_ops host_file_ops = {
    .get = host_file_get,
    .put = host_file_put,
    .name = host_file_name,
    .size = host_file_size,
};
static const struct page_cache_ops host_file_cache_ops = {.read_pages = host_file_read};

static inline void host_file_init(struct host_file *file, uint64_t size)
{
    memset(file, 0, sizeof(*file));
    file->size = size;
    file->refs = 1;
    page_cache_init(&file->cache, &host_file_cache_ops, file);
    file->source = (struct page_source){
        .ops = &host_file_ops, .cache = &file->cache, .dev = 0x10305, .ino = 77, .may_read = true};
}

/* The whole floor on a fresh arena. */
static inline void host_mm_init(size_t bytes)
{
    host_alloc_init(bytes);
    host_sched_init();
    page_cache_init_all();
    mm_init();
    host_signal_fatal = false;
    host_signals_posted = 0;
}

/* Pages free when nothing is cached that need not be. */
static inline uint64_t host_mm_free_pages(void)
{
    page_cache_shrink(SIZE_MAX);
    slab_drain();
    return page_free_count();
}

/* The word at va, as a user program would reach it; faults as it would. */
static inline enum fault_result host_user_word(struct mm *mm, vaddr_t va, enum fault_access access,
                                               uint64_t **word)
{
    static const uint32_t right[] = {VMA_READ, VMA_WRITE, VMA_EXEC};
    enum fault_result result;

    for (int tries = 0; tries < 4; tries++) {
        pte_t *slot = pgtable_lookup(mm->root, va);

        if (slot && pte_allows(*slot, right[access])) {
            assert(*slot & PTE_A && *slot & PTE_U && (!(*slot & PTE_W) || *slot & PTE_D));
            *word = (uint64_t *)((char *)page_address(pte_page(*slot)) + va % PAGE_SIZE);
            return FAULT_OK;
        }
        result = mm_fault(mm, va, access);
        if (result != FAULT_OK)
            return result;
    }
    assert(false); /* resolved again and again, and never there */
    return FAULT_OK;
}

static inline enum fault_result host_load(struct mm *mm, vaddr_t va, uint64_t *value)
{
    uint64_t *word;
    enum fault_result result = host_user_word(mm, va, FAULT_READ, &word);

    if (result == FAULT_OK)
        *value = *word;
    return result;
}

static inline enum fault_result host_store(struct mm *mm, vaddr_t va, uint64_t value)
{
    uint64_t *word;
    enum fault_result result = host_user_word(mm, va, FAULT_WRITE, &word);

    if (result == FAULT_OK)
        *word = value;
    return result;
}

static inline int64_t host_mmap(struct mm *mm, vaddr_t addr, uint64_t length, unsigned prot,
                                unsigned flags, struct page_source *source, uint64_t offset)
{
    struct mmap_request req = {.addr = addr,
                               .length = length,
                               .prot = prot,
                               .flags = flags,
                               .source = source,
                               .offset = offset};

    return mm_mmap(mm, &req);
}
