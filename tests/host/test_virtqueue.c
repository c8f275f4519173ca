/*
 * The driver's side of split virtqueues against a model device, written from the specification's
 * own layout: what is added arrives in the device's view of the ring, what the device gives back
 * comes out with its token, and a device that breaks the rules is found out and does no harm.
 */
// uses: drivers/virtqueue.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "drivers/virtqueue.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "lib/types.h"
#include <cmocka.h>

#define ROUNDS     300000
#define CHAIN_MAX  10
#define ADDR(i, k) (UINT64_C(0x80000000) + (i)*0x10000 + (k)*0x100)

/* VIRTIO 1.2, 2.7.5, 2.7.6 and 2.7.8. */
struct device_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags; /* 1: next, 2: the device writes */
    uint16_t next;
};

struct device_used {
    uint16_t flags, idx;
    struct {
        uint32_t id, len;
    } ring[];
};

/* What the test gave to the queue, and the token for it. */
struct request {
    unsigned number, readable, writable;
    uint32_t bytes; /* that the device may write */
    uint16_t head;  /* once the device has seen it */
    bool in_flight, done;
    uint32_t written;
};

struct model {
    struct virtqueue vq;
    void *memory;
    struct request requests[VIRTQUEUE_SIZE_MAX];
    struct request *order[VIRTQUEUE_SIZE_MAX]; /* added and not yet seen by the device */
    unsigned unseen;
    uint16_t seen; /* avail entries that the device has taken */
    struct request *working[VIRTQUEUE_SIZE_MAX];
    unsigned working_count;
};

static void model_init(struct model *m, unsigned size)
{
    memset(m, 0, sizeof(*m));
    m->memory = aligned_alloc(16, (virtqueue_bytes(size) + 15) & ~15UL);
    memset(m->memory, 0, virtqueue_bytes(size));
    virtqueue_init(&m->vq, 3, size, m->memory);
    for (unsigned i = 0; i < VIRTQUEUE_SIZE_MAX; i++)
        m->requests[i].number = i;
    virtqueue_check(&m->vq);
}

static const volatile uint16_t *model_avail(struct model *m)
{
    return (const volatile uint16_t *)m->vq.avail; /* flags, idx, ring */
}

static volatile struct device_used *model_used(struct model *m)
{
    return (volatile struct device_used *)m->vq.used;
}

static struct request *model_free_request(struct model *m)
{
    for (unsigned i = 0; i < VIRTQUEUE_SIZE_MAX; i++)
        if (!m->requests[i].in_flight)
            return &m->requests[i];
    return NULL;
}

static int model_add(struct model *m, unsigned readable, unsigned writable)
{
    struct virtqueue_buffer buffers[CHAIN_MAX];
    struct request *r = model_free_request(m);
    int error;

    r->bytes = 0;
    for (unsigned k = 0; k < readable + writable; k++) {
        buffers[k] = (struct virtqueue_buffer){ADDR(r->number, k), 1 + k};
        r->bytes += k >= readable ? 1 + k : 0;
    }
    error = virtqueue_add(&m->vq, buffers, readable, writable, r);
    if (!error) {
        r->readable = readable;
        r->writable = writable;
        r->in_flight = true;
        r->done = false;
        m->order[m->unseen++] = r;
    }
    return error;
}

/* The device takes the next avail entry and compares the chain with what was added. */
static bool model_see(struct model *m)
{
    const struct device_desc *desc = (const struct device_desc *)m->vq.desc;
    struct request *r = m->order[0];
    uint16_t at;

    if (model_avail(m)[1] == m->seen) {
        assert_int_equal(m->unseen, 0);
        return false;
    }
    at = model_avail(m)[2 + m->seen++ % m->vq.size];
    r->head = at;
    for (unsigned k = 0; k < r->readable + r->writable; k++) {
        bool last = k + 1 == r->readable + r->writable;

        assert_true(at < m->vq.size);
        assert_int_equal(desc[at].addr, ADDR(r->number, k));
        assert_int_equal(desc[at].len, 1 + k);
        assert_int_equal(desc[at].flags, (last ? 0 : 1) | (k >= r->readable ? 2 : 0));
        at = desc[at].next;
    }
    memmove(m->order, m->order + 1, --m->unseen * sizeof(m->order[0]));
    m->working[m->working_count++] = r;
    return true;
}

static void model_use(struct model *m, uint32_t id, uint32_t len)
{
    volatile struct device_used *used = model_used(m);

    used->ring[used->idx % m->vq.size].id = id;
    used->ring[used->idx % m->vq.size].len = len;
    used->idx++;
}

/* The device gives back one of those it works on, any one. */
static void model_finish(struct model *m)
{
    unsigned i = (unsigned)rand() % m->working_count;
    struct request *r = m->working[i];

    m->working[i] = m->working[--m->working_count];
    r->done = true;
    r->written = (uint32_t)rand() % (2 * r->bytes + 1); /* more than it was given, at times */
    model_use(m, r->head, r->written);
}

static void model_collect(struct model *m)
{
    uint32_t len;
    bool has = virtqueue_has_used(&m->vq);
    struct request *r = virtqueue_get_used(&m->vq, &len);

    assert_int_equal(has, r != NULL);
    if (!r)
        return;
    assert_true(r->in_flight && r->done);
    assert_int_equal(len, MIN(r->written, r->bytes));
    r->in_flight = false;
}

static void random_traffic_matches_the_model(void **state)
{
    static const unsigned sizes[] = {1, 2, 16, 128};
    struct model m;

    (void)state;
    for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
        model_init(&m, sizes[s]);
        for (unsigned i = 0; i < ROUNDS; i++) {
            unsigned readable = (unsigned)rand() % 6, writable = (unsigned)rand() % 4 + !readable;
            unsigned room = m.vq.free_count;

            switch (rand() % 4) {
            case 0:
                assert_int_equal(model_add(&m, readable, writable),
                                 readable + writable <= room ? 0 : -ENOSPC);
                break;
            case 1:
                model_see(&m);
                break;
            case 2:
                if (m.working_count > 0)
                    model_finish(&m);
                break;
            default:
                model_collect(&m);
            }
            if (i % 64 == 0)
                virtqueue_check(&m.vq);
        }
        assert_false(m.vq.broken);
        free(m.memory);
    }
}

static void full_ring_refuses_and_recovers(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 8);
    for (int i = 0; i < 4; i++)
        assert_int_equal(model_add(&m, 1, 1), 0);
    assert_int_equal(model_add(&m, 1, 0), -ENOSPC);
    while (model_see(&m))
        ;
    model_finish(&m);
    model_collect(&m);
    assert_int_equal(model_add(&m, 2, 1), -ENOSPC);
    assert_int_equal(model_add(&m, 1, 1), 0);
    virtqueue_check(&m.vq);
    free(m.memory);
}

static void doorbell_follows_the_devices_wish(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 4);
    assert_true(virtqueue_wants_kick(&m.vq));
    model_used(&m)->flags = 1;
    assert_false(virtqueue_wants_kick(&m.vq));
    free(m.memory);
}

/* The queue is broken for good, says nothing more, and gives every token back once. */
static void assert_broken(struct model *m, unsigned in_flight)
{
    uint32_t len;
    unsigned taken = 0;

    assert_null(virtqueue_get_used(&m->vq, &len));
    assert_true(m->vq.broken);
    assert_false(virtqueue_has_used(&m->vq));
    assert_false(virtqueue_wants_kick(&m->vq));
    assert_int_equal(model_add(m, 1, 0), -EIO);
    virtqueue_check(&m->vq);
    for (struct request *r; (r = virtqueue_take_back(&m->vq)) != NULL; taken++) {
        assert_true(r->in_flight);
        r->in_flight = false;
    }
    assert_int_equal(taken, in_flight);
    assert_int_equal(m->vq.free_count, m->vq.size);
    virtqueue_check(&m->vq);
    free(m->memory);
}

static void used_id_out_of_range_breaks_the_queue(void **state)
{
    static const uint32_t bad[] = {16, 17, 0xffff, 0x10000, UINT32_MAX};
    struct model m;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        model_init(&m, 16);
        assert_int_equal(model_add(&m, 2, 2), 0);
        model_use(&m, bad[i], 0);
        assert_broken(&m, 1);
    }
}

static void used_id_inside_a_chain_breaks_the_queue(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 16);
    assert_int_equal(model_add(&m, 2, 2), 0);
    model_see(&m);
    model_use(&m, ((struct device_desc *)m.vq.desc)[m.working[0]->head].next, 0);
    assert_broken(&m, 1);
}

static void used_twice_breaks_the_queue(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 16);
    assert_int_equal(model_add(&m, 1, 1), 0);
    assert_int_equal(model_add(&m, 1, 1), 0);
    model_see(&m);
    model_see(&m);
    model_use(&m, m.requests[0].head, 0);
    model_use(&m, m.requests[0].head, 0);
    m.requests[0].done = true;
    m.requests[0].written = 0;
    model_collect(&m);
    assert_broken(&m, 1);
}

static void used_index_that_runs_ahead_breaks_the_queue(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 16);
    assert_int_equal(model_add(&m, 1, 1), 0);
    model_see(&m);
    model_use(&m, m.requests[0].head, 0);
    model_used(&m)->idx += 1000;
    assert_broken(&m, 1);
}

/* The device scribbles over the descriptors that it should only read. */
static void scribbled_descriptors_do_no_harm(void **state)
{
    struct model m;

    (void)state;
    model_init(&m, 16);
    for (int i = 0; i < 4; i++)
        assert_int_equal(model_add(&m, 2, 2), 0);
    while (model_see(&m))
        ;
    memset(m.vq.desc, 0xff, 16 * sizeof(struct device_desc));
    while (m.working_count > 0) {
        model_finish(&m);
        model_collect(&m);
        virtqueue_check(&m.vq);
    }
    assert_int_equal(m.vq.free_count, 16);
    free(m.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_traffic_matches_the_model),
        cmocka_unit_test(full_ring_refuses_and_recovers),
        cmocka_unit_test(doorbell_follows_the_devices_wish),
        cmocka_unit_test(used_id_out_of_range_breaks_the_queue),
        cmocka_unit_test(used_id_inside_a_chain_breaks_the_queue),
        cmocka_unit_test(used_twice_breaks_the_queue),
        cmocka_unit_test(used_index_that_runs_ahead_breaks_the_queue),
        cmocka_unit_test(scribbled_descriptors_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
