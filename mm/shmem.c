/*
 * Shared anonymous memory. Its pages start as zeroes; one that has been written is dirty, and as
 * there is nowhere to write it to, stays until the last mapping is gone. Named in /proc/PID/maps as
 * Linux names it.
 */
#include "mm/shmem.h"

#include "lib/assert.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "mm/page_cache.h"

/* Device 0:1, as Linux's internal shm mount has it first. */
#define SHMEM_DEV 1

struct shmem {
    struct page_source source;
    struct page_cache cache;
    _Atomic uint32_t refs;
    uint64_t size; /* (i) bytes */
};

static const struct page_cache_ops shmem_cache_ops = {.read_pages = NULL};

static struct shmem *to_shmem(struct page_source *source)
{
    return container_of(source, struct shmem, source);
}

static void shmem_get(struct page_source *source)
{
    to_shmem(source)->refs++;
}

static void shmem_put(struct page_source *source)
{
    struct shmem *shmem = to_shmem(source);

    assert(shmem->refs > 0);
    if (--shmem->refs > 0)
        return;
    page_cache_destroy(&shmem->cache);
    kmfree(shmem);
}

static size_t shmem_name(struct page_source *source, char *buf, size_t size)
{
    (void)source;
    str_copy(buf, "/dev/zero (deleted)", size);
    return strnlen(buf, size);
}

static uint64_t shmem_size(struct page_source *source)
{
    return to_shmem(source)->size;
}

static const struct page_source_ops shmem_ops = {
    .get = shmem_get,
    .put = shmem_put,
    .name = shmem_name,
    .size = shmem_size,
};

struct page_source *shmem_create(uint64_t size)
{
    static _Atomic uint64_t last_ino;
    struct shmem *shmem = kmalloc(sizeof(*shmem), ALLOC_ZERO);

    if (!shmem)
        return NULL;
    shmem->refs = 1;
    shmem->size = size;
    page_cache_init(&shmem->cache, &shmem_cache_ops, shmem);
    shmem->source = (struct page_source){
        .ops = &shmem_ops,
        .cache = &shmem->cache,
        .dev = SHMEM_DEV,
        .ino = ++last_ino,
        .may_read = true,
        .may_write = true,
    };
    return &shmem->source;
}
