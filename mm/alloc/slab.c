/*
 * Slabs. A slab is a block of pages cut into objects of one stride:
 *
 *   stride: object | free pointer, only with a constructor | rounding to the alignment
 *
 *   +--------+--------+--------+--  --+--------+-------+
 *   | object | object | object |  ..  | object | waste |   2^order pages
 *   +--------+--------+--------+--  --+--------+-------+
 *
 * Free objects are threaded from the head page's slab_free. Without a constructor the pointer to
 * the next one lies in the object's first word; with one it lies behind the object, whose state is
 * kept. The head page says what the slab is (slab_cache, slab_used); the slab's other pages say
 * which is the head, so an object's slab is found from its address alone.
 *
 * A slab stands on one of its cache's lists: empty (no object used), partial, full. Allocation
 * takes from a partial slab before an empty one; at most KEEP_EMPTY empty slabs are kept for each
 * cache, and slab_drain() gives those back too.
 *
 * In the debug kernel every cache has the free pointer behind the object, and before it a tail
 * (mm/alloc/slab_debug.h).
 *
 * The slab's order is the smallest that wastes at most an eighth at the end.
 *
 * Lock order: the list of caches, then one cache; pages are allocated and freed with neither.
 * Locks of fields: (i) set once, (s) the cache's lock, (l) the lock of the list of caches.
 */
#include "mm/alloc/slab.h"

#include "kernel/lock_order.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/alloc/slab_debug.h"

#define KEEP_EMPTY     2
#define DEFAULT_ALIGN  8
#define SLAB_ORDER_MAX 4
#define SLAB_MIN_COUNT 3 /* objects in a slab */
#define WASTE_SHARE    8 /* at most this part of a slab is lost at its end */

struct slab_cache {
    const char *name;         /* (i) */
    size_t size;              /* (i) as asked for */
    size_t stride;            /* (i) from one object to the next */
    size_t free_offset;       /* (i) where in a free object the pointer to the next one lies */
    void (*ctor)(void *);     /* (i) */
    unsigned order;           /* (i) a slab has 2^order pages */
    uint32_t count;           /* (i) objects in a slab */
    struct list_head link;    /* (l) in caches */
    struct spinlock lock;     /* takes interrupts off */
    struct list_head empty;   /* (s) slabs, by page.link */
    struct list_head partial; /* (s) */
    struct list_head full;    /* (s) */
    uint64_t empties;         /* (s) length of empty */
    uint64_t slabs;           /* (s) on all three lists */
    uint64_t used;            /* (s) objects in use */
};

static struct slab_cache cache_cache; /* of the struct slab_caches themselves */
static struct list_head caches;       /* (l) every cache, in the order of creation; only grows */
static struct spinlock caches_lock;

/* -- Objects and slabs ------------------------------------------------------------------------- */

static void **free_pointer(const struct slab_cache *cache, void *obj)
{
    return (void **)((char *)obj + cache->free_offset);
}

static void *object_at(const struct slab_cache *cache, const struct page *head, uint32_t index)
{
    return (char *)page_address(head) + index * cache->stride;
}

/* The head of the slab that the address lies in, or NULL. */
static struct page *slab_head_of(const void *obj)
{
    pfn_t pfn = virt_to_phys(obj) >> PAGE_SHIFT;
    struct page *page;

    if (!pfn_has_page(pfn))
        return NULL;
    page = pfn_to_page(pfn);
    if (page_test(page, PAGE_SLAB_TAIL))
        return page->slab_head;
    return page_test(page, PAGE_SLAB) ? page : NULL;
}

/* What becomes of an object, for the checks of the debug kernel. */
enum object_step { OBJECT_MADE, OBJECT_TAKEN, OBJECT_BACK };

static void object_debug(const struct slab_cache *cache, void *obj, enum object_step step)
{
#if defined(FATHOM_DEBUG)
    static void (*const hook[])(const struct slab_debug_object *) = {
        [OBJECT_MADE] = slab_debug_make,
        [OBJECT_TAKEN] = slab_debug_alloc,
        [OBJECT_BACK] = slab_debug_free,
    };

    hook[step](&(struct slab_debug_object){cache->name, obj, cache->size, !cache->ctor});
#else
    (void)cache;
    (void)obj;
    (void)step;
#endif
}

/* Makes all objects of a new slab: constructed, free, threaded by rising address. */
static void make_objects(struct slab_cache *cache, struct page *head)
{
    void *next = NULL;

    for (uint32_t i = cache->count; i-- > 0;) {
        void *obj = object_at(cache, head, i);

        if (cache->ctor)
            cache->ctor(obj);
        object_debug(cache, obj, OBJECT_MADE);
        *free_pointer(cache, obj) = next;
        next = obj;
    }
    head->slab_free = next;
}

/* A slab on no list, or NULL. No lock is held. */
static struct page *slab_make(struct slab_cache *cache, unsigned flags)
{
    struct page *head = page_alloc_order(cache->order, flags & ALLOC_ATOMIC);

    if (!head)
        return NULL;
    head->slab_cache = cache;
    head->slab_used = 0;
    make_objects(cache, head);
    for (size_t i = 1; i < BIT(cache->order); i++) {
        head[i].slab_head = head;
        page_set(&head[i], PAGE_SLAB_TAIL);
    }
    page_set(head, PAGE_SLAB);
    return head;
}

/* Gives an empty slab that is on no list back; returns its pages. No lock is held. */
static size_t slab_release(struct page *head)
{
    size_t pages = page_block_pages(head);

    assert(head->slab_used == 0);
    for (size_t i = 1; i < pages; i++)
        page_clear_flag(&head[i], PAGE_SLAB_TAIL);
    page_clear_flag(head, PAGE_SLAB);
    page_put(head);
    return pages;
}

/* -- The lists of a cache: with its lock held -------------------------------------------------- */

/* The list for a slab with so many objects in use. */
static struct list_head *list_for(struct slab_cache *cache, uint32_t used)
{
    if (used == 0)
        return &cache->empty;
    return used == cache->count ? &cache->full : &cache->partial;
}

static void slab_attach(struct slab_cache *cache, struct page *head)
{
    assert(head->slab_used == 0);
    list_add(&head->link, &cache->empty);
    cache->empties++;
    cache->slabs++;
}

static void slab_detach(struct slab_cache *cache, struct page *head)
{
    assert(head->slab_used == 0);
    list_del(&head->link);
    cache->empties--;
    cache->slabs--;
}

/* Sets how many objects of the slab are used and moves it to the list for that. */
static void slab_set_used(struct slab_cache *cache, struct page *head, uint32_t used)
{
    struct list_head *from = list_for(cache, head->slab_used), *to = list_for(cache, used);

    cache->used += used - (uint64_t)head->slab_used;
    head->slab_used = used;
    if (from == to)
        return;
    list_del(&head->link);
    list_add(&head->link, to);
    if (from == &cache->empty)
        cache->empties--;
    if (to == &cache->empty)
        cache->empties++;
}

/* A slab with a free object, or NULL. */
static struct page *slab_pick(struct slab_cache *cache)
{
    struct list_head *list = list_empty(&cache->partial) ? &cache->empty : &cache->partial;

    return list_empty(list) ? NULL : list_first_entry(list, struct page, link);
}

static void *object_take(struct slab_cache *cache, struct page *head)
{
    void *obj = head->slab_free;

    assert(obj && head->slab_used < cache->count);
    head->slab_free = *free_pointer(cache, obj);
    slab_set_used(cache, head, head->slab_used + 1);
    object_debug(cache, obj, OBJECT_TAKEN);
    return obj;
}

/* Debug kernels and tests: obj is where an object begins, and not free already. */
static void object_check(struct slab_cache *cache, struct page *head, void *obj)
{
#if defined(FATHOM_DEBUG) || defined(FATHOM_HOST)
    assert(((char *)obj - (char *)page_address(head)) % cache->stride == 0);
    for (void *other = head->slab_free; other; other = *free_pointer(cache, other))
        assert(other != obj);
#else
    (void)cache;
    (void)head;
    (void)obj;
#endif
}

static void object_put(struct slab_cache *cache, struct page *head, void *obj)
{
    object_debug(cache, obj, OBJECT_BACK);
    assert(head->slab_used > 0 && head->slab_free != obj);
    object_check(cache, head, obj);
    *free_pointer(cache, obj) = head->slab_free;
    head->slab_free = obj;
    slab_set_used(cache, head, head->slab_used - 1);
}

/* -- Calls ------------------------------------------------------------------------------------- */

void *slab_alloc(struct slab_cache *cache, unsigned flags)
{
    uint64_t irq;
    struct page *head;
    void *obj;

    assert(!(cache->ctor && (flags & ALLOC_ZERO)));
    if (!(flags & ALLOC_ATOMIC))
        lock_order_may_sleep();
    if (alloc_should_fail())
        return NULL;
    irq = spin_lock_irqsave(&cache->lock);
    while (!(head = slab_pick(cache))) {
        spin_unlock_irqrestore(&cache->lock, irq);
        head = slab_make(cache, flags);
        if (!head)
            return NULL;
        irq = spin_lock_irqsave(&cache->lock);
        slab_attach(cache, head);
    }
    obj = object_take(cache, head);
    spin_unlock_irqrestore(&cache->lock, irq);
    if (flags & ALLOC_ZERO)
        memset(obj, 0, cache->size);
    return obj;
}

void slab_free(struct slab_cache *cache, void *obj)
{
    struct page *head = slab_head_of(obj);
    bool surplus;
    uint64_t irq;

    assert(head && head->slab_cache == cache);
    irq = spin_lock_irqsave(&cache->lock);
    object_put(cache, head, obj);
    surplus = head->slab_used == 0 && cache->empties > KEEP_EMPTY;
    if (surplus)
        slab_detach(cache, head);
    spin_unlock_irqrestore(&cache->lock, irq);
    if (surplus)
        slab_release(head);
    if (slab_debug_sample())
        slab_check(cache);
}

struct slab_cache *slab_cache_of(const void *obj)
{
    struct page *head = slab_head_of(obj);

    return head ? head->slab_cache : NULL;
}

size_t slab_object_size(const struct slab_cache *cache)
{
    return cache->size;
}

size_t slab_drain(void)
{
    struct list_head drained = LIST_HEAD_INIT(drained);
    struct slab_cache *cache;
    size_t pages = 0;
    uint64_t irq = spin_lock_irqsave(&caches_lock);

    list_for_each_entry (cache, &caches, link) {
        spin_lock(&cache->lock);
        cache->slabs -= cache->empties;
        cache->empties = 0;
        list_splice_tail(&cache->empty, &drained);
        spin_unlock(&cache->lock);
    }
    spin_unlock_irqrestore(&caches_lock, irq);
    while (!list_empty(&drained)) {
        struct page *head = list_first_entry(&drained, struct page, link);

        list_del(&head->link);
        pages += slab_release(head);
    }
    return pages;
}

static size_t slab_shrink(size_t want)
{
    (void)want;
    return slab_drain();
}

/* -- Making caches ----------------------------------------------------------------------------- */

/* The smallest order with enough objects and little waste; SLAB_OBJECT_MAX sees that one has. */
static unsigned choose_order(size_t stride)
{
    unsigned order;

    for (order = 0; order < SLAB_ORDER_MAX; order++) {
        size_t bytes = PAGE_SIZE << order;

        if (bytes / stride >= SLAB_MIN_COUNT && bytes % stride <= bytes / WASTE_SHARE)
            break;
    }
    return order;
}

static void cache_setup(struct slab_cache *cache, const char *name, size_t size, size_t align)
{
    size_t end;

    if (cache->ctor || SLAB_DEBUG_TAIL) {
        cache->free_offset = ALIGN_UP(size, sizeof(void *)) + SLAB_DEBUG_TAIL;
        end = cache->free_offset + sizeof(void *);
    } else {
        end = MAX(size, sizeof(void *));
    }
    cache->name = name;
    cache->size = size;
    cache->stride = ALIGN_UP(end, MAX(align, (size_t)DEFAULT_ALIGN));
    cache->order = choose_order(cache->stride);
    cache->count = (uint32_t)((PAGE_SIZE << cache->order) / cache->stride);
    spin_init(&cache->lock, "slab cache");
    list_init(&cache->empty);
    list_init(&cache->partial);
    list_init(&cache->full);
}

static void cache_publish(struct slab_cache *cache)
{
    uint64_t irq = spin_lock_irqsave(&caches_lock);

    list_add_tail(&cache->link, &caches);
    spin_unlock_irqrestore(&caches_lock, irq);
}

struct slab_cache *slab_cache_create(const char *name, size_t size, size_t align,
                                     void (*ctor)(void *))
{
    struct slab_cache *cache;

    assert(size > 0 && size <= SLAB_OBJECT_MAX);
    assert(align == 0 || (is_power_of_two(align) && align <= PAGE_SIZE));
    cache = slab_alloc(&cache_cache, ALLOC_ZERO);
    if (!cache)
        return NULL;
    cache->ctor = ctor;
    cache_setup(cache, name, size, align);
    cache_publish(cache);
    return cache;
}

void slab_init(void)
{
    spin_init(&caches_lock, "slab caches");
    list_init(&caches);
    memset(&cache_cache, 0, sizeof(cache_cache));
    cache_setup(&cache_cache, "slab_cache", sizeof(struct slab_cache), 0);
    cache_publish(&cache_cache);
    shrinker_register(slab_shrink);
}

/* -- What is there, and whether it is right ---------------------------------------------------- */

static struct slab_cache *cache_at(unsigned index)
{
    struct slab_cache *cache;

    list_for_each_entry (cache, &caches, link)
        if (index-- == 0)
            return cache;
    return NULL;
}

bool slab_cache_info(unsigned index, struct slab_info *info)
{
    uint64_t irq = spin_lock_irqsave(&caches_lock);
    struct slab_cache *cache = cache_at(index);

    if (cache) {
        spin_lock(&cache->lock);
        *info = (struct slab_info){
            .name = cache->name,
            .objects_used = cache->used,
            .objects_total = cache->slabs * cache->count,
            .object_size = (uint32_t)cache->size,
            .objects_per_slab = cache->count,
            .pages_per_slab = 1u << cache->order,
            .slabs_total = cache->slabs,
            .slabs_used = cache->slabs - cache->empties,
        };
        spin_unlock(&cache->lock);
    }
    spin_unlock_irqrestore(&caches_lock, irq);
    return cache != NULL;
}

static void slab_check_one(struct slab_cache *cache, struct page *head)
{
    uint32_t free_objects = 0;

    assert(page_test(head, PAGE_SLAB) && head->refs == 1 && head->slab_cache == cache);
    assert(page_block_pages(head) == BIT(cache->order));
    for (size_t i = 1; i < BIT(cache->order); i++)
        assert(head[i].flags == PAGE_SLAB_TAIL && head[i].slab_head == head);
    for (void *obj = head->slab_free; obj; obj = *free_pointer(cache, obj)) {
        assert(slab_head_of(obj) == head);
        assert(((char *)obj - (char *)page_address(head)) % cache->stride == 0);
        free_objects++;
        assert(free_objects <= cache->count);
    }
    assert(free_objects + head->slab_used == cache->count);
}

/* Checks the slabs of one list; returns how many there are. */
static uint64_t list_check(struct slab_cache *cache, struct list_head *list, uint64_t *used)
{
    struct page *head;
    uint64_t slabs = 0;

    list_for_each_entry (head, list, link) {
        assert(list_for(cache, head->slab_used) == list);
        slab_check_one(cache, head);
        *used += head->slab_used;
        slabs++;
    }
    return slabs;
}

void slab_check(struct slab_cache *cache)
{
    uint64_t irq = spin_lock_irqsave(&cache->lock);
    uint64_t used = 0, empties = list_check(cache, &cache->empty, &used);
    uint64_t slabs = empties;

    slabs += list_check(cache, &cache->partial, &used);
    slabs += list_check(cache, &cache->full, &used);
    assert(empties == cache->empties && empties <= KEEP_EMPTY + 1);
    assert(slabs == cache->slabs && used == cache->used);
    spin_unlock_irqrestore(&cache->lock, irq);
}
