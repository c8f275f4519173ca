#include "mm/alloc/slab_debug.h"

#if defined(FATHOM_DEBUG)

#include <stdatomic.h>

#include "kernel/debug_trace.h"
#include "kernel/panic.h"
#include "lib/string.h"

#define FREE_BYTE 0x6b /* a free object */
#define NEW_BYTE  0x5a /* one that nobody has written yet */
#define RED_BYTE  0xbb

#define SAMPLE_CALLS 1024

#define STATE_FREE 0x66726565u /* "free" */
#define STATE_USED 0x75736564u /* "used" */

#define INNER_FRAMES 2 /* of slab.c, between its calls and these */

struct slab_tail {
    uint8_t red[16];
    uint32_t state;
    uint32_t used; /* bytes in use of the object; behind them all is red */
    struct debug_trace allocated, freed;
};

_Static_assert(sizeof(struct slab_tail) <= SLAB_DEBUG_TAIL, "SLAB_DEBUG_TAIL");

static struct slab_tail *tail_of(const void *obj, size_t size)
{
    return (struct slab_tail *)((char *)obj + ALIGN_UP(size, sizeof(uint64_t)));
}

static __noreturn void report(const struct slab_debug_object *object, const char *what)
{
    const struct slab_tail *tail = tail_of(object->obj, object->size);
    char allocated[DEBUG_TRACE_TEXT], freed[DEBUG_TRACE_TEXT];

    panic("%s: %s object at %p\n  last allocated: %s\n  last freed: %s", what, object->cache,
          object->obj, debug_trace_text(&tail->allocated, allocated),
          debug_trace_text(&tail->freed, freed));
}

static bool all_bytes(const void *start, const void *end, uint8_t byte)
{
    for (const uint8_t *p = start; p < (const uint8_t *)end; p++)
        if (*p != byte)
            return false;
    return true;
}

static void check_state(const struct slab_debug_object *object, uint32_t state)
{
    const struct slab_tail *tail = tail_of(object->obj, object->size);

    if (tail->used > object->size ||
        !all_bytes((char *)object->obj + tail->used, tail->red + sizeof(tail->red), RED_BYTE))
        report(object, "write past the end");
    if (tail->state != state)
        report(object, state == STATE_USED ? "double free" : "free list is corrupted");
}

void slab_debug_make(const struct slab_debug_object *object)
{
    struct slab_tail *tail = tail_of(object->obj, object->size);

    memset(tail, 0, sizeof(*tail));
    memset((char *)object->obj + object->size, RED_BYTE,
           (size_t)(tail->red - (uint8_t *)object->obj) + sizeof(tail->red) - object->size);
    tail->state = STATE_FREE;
    tail->used = (uint32_t)object->size;
    if (object->fill)
        memset(object->obj, FREE_BYTE, object->size);
}

void slab_debug_alloc(const struct slab_debug_object *object)
{
    struct slab_tail *tail = tail_of(object->obj, object->size);

    check_state(object, STATE_FREE);
    if (object->fill) {
        if (!all_bytes(object->obj, (char *)object->obj + object->size, FREE_BYTE))
            report(object, "use after free");
        memset(object->obj, NEW_BYTE, object->size);
    }
    tail->state = STATE_USED;
    debug_trace_take(&tail->allocated, INNER_FRAMES);
}

void slab_debug_free(const struct slab_debug_object *object)
{
    struct slab_tail *tail = tail_of(object->obj, object->size);

    check_state(object, STATE_USED);
    tail->state = STATE_FREE;
    tail->used = (uint32_t)object->size;
    debug_trace_take(&tail->freed, INNER_FRAMES);
    if (object->fill)
        memset(object->obj, FREE_BYTE, object->size);
}

bool slab_debug_sample(void)
{
    static _Atomic uint64_t calls;

    return atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed) % SAMPLE_CALLS ==
           SAMPLE_CALLS - 1;
}

void slab_debug_set_used(void *obj, size_t size, size_t used)
{
    tail_of(obj, size)->used = (uint32_t)used;
    memset((char *)obj + used, RED_BYTE, size - used);
}

#endif
