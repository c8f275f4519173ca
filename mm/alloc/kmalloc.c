/*
 * kmalloc, in three ranges of sizes:
 *
 *   up to 64 bytes   slab caches of 16, 32, 48, 64
 *   up to 10 KiB     slab caches, four to each power of two: 80 96 112 128, 160 192 224 256, …,
 *                    so the next class is at most a quarter larger
 *   up to 4 MiB      whole pages in a row from the buddy allocator, which takes back at once what
 *                    its power of two has more. From three pages on, one page is at most a quarter
 *
 * The classes end at 10 KiB because between two pages and 10 KiB rounding to three pages would
 * waste a third. What a block is, its struct page says, so kmfree() needs no size and blocks have
 * no header.
 *
 * It takes no lock of its own.
 */
#include "mm/alloc/kmalloc.h"

#include "kernel/panic.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/fmt.h"
#include "mm/alloc/slab.h"
#include "mm/alloc/slab_debug.h"

#define KMALLOC_ALIGN 16

/* Up to here the classes are KMALLOC_ALIGN apart. */
#define FINE_MAX     64
#define FINE_CLASSES (FINE_MAX / KMALLOC_ALIGN)
#define FINE_SHIFT   6 /* 2^6 = FINE_MAX */

/* Above: so many classes to a power of two. */
#define STEP_SHIFT 2
#define STEPS      (1u << STEP_SHIFT)

/* 64 to 8192 has seven powers of two, and one class more: 10240. */
#define CLASSES        (FINE_CLASSES + 7 * STEPS + 1)
#define CLASS_SIZE_MAX SLAB_OBJECT_MAX

#define NAME_BYTES sizeof("kmalloc-10240")

static struct slab_cache *class_cache[CLASSES]; /* (i) */
static char class_name[CLASSES][NAME_BYTES];    /* (i) */

/* The smallest class that holds size bytes, 1 … CLASS_SIZE_MAX. */
static unsigned class_of(size_t size)
{
    unsigned power;

    if (size <= FINE_MAX)
        return (unsigned)((size - 1) / KMALLOC_ALIGN);
    power = log2_floor(size - 1);
    return FINE_CLASSES + (power - FINE_SHIFT) * STEPS +
           (unsigned)((size - 1) >> (power - STEP_SHIFT) & (STEPS - 1));
}

static size_t class_size(unsigned class)
{
    unsigned step;

    if (class < FINE_CLASSES)
        return (class + 1) * (size_t)KMALLOC_ALIGN;
    step = class - FINE_CLASSES;
    return (size_t)(STEPS + step % STEPS + 1) << (FINE_SHIFT - STEP_SHIFT + step / STEPS);
}

void kmalloc_init(void)
{
    for (unsigned i = 0; i < CLASSES; i++) {
        size_t size = class_size(i);

        fmt_snprintf(class_name[i], NAME_BYTES, "kmalloc-%zu", size);
        class_cache[i] = slab_cache_create(class_name[i], size, KMALLOC_ALIGN, NULL);
        if (!class_cache[i])
            panic("kmalloc: no memory for the caches");
    }
    assert(class_size(CLASSES - 1) == CLASS_SIZE_MAX);
}

static void *class_alloc(struct slab_cache *cache, size_t size, unsigned flags)
{
    void *obj = slab_alloc(cache, flags);

#if defined(FATHOM_DEBUG)
    if (obj)
        slab_debug_set_used(obj, slab_object_size(cache), size);
#else
    (void)size;
#endif
    return obj;
}

void *kmalloc(size_t size, unsigned flags)
{
    struct page *page;

    if (size == 0 || size > KMALLOC_MAX)
        return NULL;
    if (size <= CLASS_SIZE_MAX)
        return class_alloc(class_cache[class_of(size)], size, flags);
    page = page_alloc_run(DIV_ROUND_UP(size, PAGE_SIZE), flags);
    return page ? page_address(page) : NULL;
}

/* The head of a block that came from the buddy allocator. */
static struct page *block_of(const void *ptr)
{
    struct page *page = virt_to_page(ptr);

    assert(IS_ALIGNED((uintptr_t)ptr, PAGE_SIZE));
    assert(page_test(page, PAGE_HEAD) && page->refs == 1);
    return page;
}

size_t kmalloc_size(const void *ptr)
{
    struct slab_cache *cache = slab_cache_of(ptr);

    return cache ? slab_object_size(cache) : page_block_pages(block_of(ptr)) * PAGE_SIZE;
}

void kmfree(void *ptr)
{
    struct slab_cache *cache;

    if (!ptr)
        return;
    cache = slab_cache_of(ptr);
    if (!cache) {
        page_put(block_of(ptr));
        return;
    }
    assert(class_cache[class_of(slab_object_size(cache))] == cache);
    slab_free(cache, ptr);
}
