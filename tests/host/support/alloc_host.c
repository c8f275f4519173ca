/* Allocators' doubles; see alloc_host.h. */
#include "tests/host/support/alloc_host.h"

#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>

#include "lib/assert.h"

#define WEAK         __attribute__((weak))
#define GARBAGE      0xa5
#define SHRINKER_MAX 8

WEAK struct page *page_array;
WEAK pfn_t page_first_pfn, page_end_pfn;
uint64_t alloc_host_asked;

static struct list_head free_pages;
static size_t pages_all, pages_out, objects_out, shrinker_count;
static shrink_fn *shrinkers[SHRINKER_MAX];
static uint64_t fail_at;

struct slab_cache {
    size_t size;
    void (*ctor)(void *);
};

void alloc_host_init(size_t pages)
{
    size_t frames = 2 * pages + 1;

    host_memory_init(frames * PAGE_SIZE);
    __asan_poison_memory_region(host_memory, frames * PAGE_SIZE);
    free(page_array);
    page_array = calloc(frames, sizeof(struct page));
    page_first_pfn = HOST_PHYS_BASE >> PAGE_SHIFT;
    page_end_pfn = page_first_pfn + frames;
    list_init(&free_pages);
    for (size_t i = 1; i < frames; i += 2)
        list_add_tail(&page_array[i].link, &free_pages);
    pages_all = pages;
    pages_out = objects_out = shrinker_count = 0;
    alloc_fail_nth(0);
}

size_t alloc_host_pages(void)
{
    return pages_out;
}

size_t alloc_host_objects(void)
{
    return objects_out;
}

WEAK void alloc_fail_nth(uint64_t n)
{
    fail_at = n;
    alloc_host_asked = 0;
}

WEAK bool alloc_should_fail(void)
{
    return ++alloc_host_asked == fail_at;
}

WEAK void shrinker_register(shrink_fn *fn)
{
    assert(shrinker_count < SHRINKER_MAX);
    shrinkers[shrinker_count++] = fn;
}

WEAK size_t shrink_all(size_t want)
{
    size_t freed = 0;

    for (size_t i = 0; i < shrinker_count; i++)
        freed += shrinkers[i](want);
    return freed;
}

WEAK uint64_t page_total(void)
{
    return pages_all;
}

WEAK uint64_t page_free_count(void)
{
    return pages_all - pages_out;
}

WEAK struct page *page_alloc(unsigned flags)
{
    struct page *page;

    if (alloc_should_fail())
        return NULL;
    if (list_empty(&free_pages) && !(flags & ALLOC_ATOMIC))
        shrink_all(1);
    if (list_empty(&free_pages))
        return NULL;
    page = list_first_entry(&free_pages, struct page, link);
    list_del(&page->link);
    memset(page, 0, sizeof(*page));
    list_init(&page->link);
    page->refs = 1;
    __asan_unpoison_memory_region(page_address(page), PAGE_SIZE);
    memset(page_address(page), flags & ALLOC_ZERO ? 0 : GARBAGE, PAGE_SIZE);
    pages_out++;
    return page;
}

WEAK void page_put(struct page *page)
{
    assert(page->refs > 0);
    if (--page->refs > 0)
        return;
    assert(!page_test(page, PAGE_CACHED | PAGE_LOCKED));
    __asan_poison_memory_region(page_address(page), PAGE_SIZE);
    list_add_tail(&page->link, &free_pages);
    pages_out--;
}

WEAK void *kmalloc(size_t size, unsigned flags)
{
    void *ptr;

    if (size == 0 || size > KMALLOC_MAX || alloc_should_fail())
        return NULL;
    ptr = malloc(size);
    memset(ptr, flags & ALLOC_ZERO ? 0 : GARBAGE, size);
    objects_out++;
    return ptr;
}

WEAK void kmfree(void *ptr)
{
    if (ptr)
        objects_out--;
    free(ptr);
}

WEAK struct slab_cache *slab_cache_create(const char *name, size_t size, size_t align,
                                          void (*ctor)(void *))
{
    struct slab_cache *cache = malloc(sizeof(*cache));

    (void)name;
    (void)align;
    *cache = (struct slab_cache){size, ctor};
    return cache;
}

WEAK void *slab_alloc(struct slab_cache *cache, unsigned flags)
{
    void *obj;

    if (alloc_should_fail())
        return NULL;
    obj = malloc(cache->size);
    memset(obj, flags & ALLOC_ZERO ? 0 : GARBAGE, cache->size);
    if (cache->ctor)
        cache->ctor(obj);
    objects_out++;
    return obj;
}

WEAK void slab_free(struct slab_cache *cache, void *obj)
{
    (void)cache;
    objects_out--;
    free(obj);
}

WEAK size_t slab_drain(void)
{
    return 0;
}
