/*
 * Waiting for several files: see fs/poll.h.
 *
 * The first look at each file joins its wait queues, so that nothing that happens later is missed;
 * then the task sleeps and looks again, until something holds. One wait_entry for each queue
 * joined: the first few lie on the stack, the rest in chunks. The task is on one queue of its own
 * as well, which nobody wakes: that makes sleeping the same with no file at all.
 */
#include "fs/poll.h"

#include "arch/time.h"
#include "lib/errno.h"
#include "mm/alloc/kmalloc.h"

#define WAITERS_INLINE 6
#define WAITERS_CHUNK  60

struct poll_waiter {
    struct wait_entry entry;
    struct wait_queue *queue;
};

struct poll_chunk {
    struct poll_chunk *next;
    unsigned used;
    struct poll_waiter waiter[WAITERS_CHUNK];
};

struct poll_wait {
    struct poll_table table;
    struct wait_queue own_queue;
    struct wait_entry own_entry;
    unsigned inline_used;
    struct poll_waiter inline_waiter[WAITERS_INLINE];
    struct poll_chunk *chunks; /* the newest first */
    int error;                 /* -ENOMEM: a queue could not be joined */
};

/* Room for one waiter more, or NULL. */
static struct poll_waiter *waiter_alloc(struct poll_wait *wait)
{
    struct poll_chunk *chunk = wait->chunks;

    if (wait->inline_used < WAITERS_INLINE)
        return &wait->inline_waiter[wait->inline_used++];
    if (!chunk || chunk->used == WAITERS_CHUNK) {
        chunk = kmalloc(sizeof(*chunk), ALLOC_ZERO);
        if (!chunk)
            return NULL;
        chunk->next = wait->chunks;
        wait->chunks = chunk;
    }
    return &chunk->waiter[chunk->used++];
}

static void poll_join(struct poll_table *table, struct wait_queue *queue)
{
    struct poll_wait *wait = container_of(table, struct poll_wait, table);
    struct poll_waiter *waiter = waiter_alloc(wait);

    if (!waiter) {
        wait->error = -ENOMEM;
        return;
    }
    waiter->queue = queue;
    wait_prepare(queue, &waiter->entry, TASK_INTERRUPTIBLE);
}

static void poll_leave(struct poll_wait *wait)
{
    struct poll_chunk *chunk;
    unsigned i;

    wait_finish(&wait->own_queue, &wait->own_entry);
    for (i = 0; i < wait->inline_used; i++)
        wait_finish(wait->inline_waiter[i].queue, &wait->inline_waiter[i].entry);
    while ((chunk = wait->chunks)) {
        for (i = 0; i < chunk->used; i++)
            wait_finish(chunk->waiter[i].queue, &chunk->waiter[i].entry);
        wait->chunks = chunk->next;
        kmfree(chunk);
    }
}

/* Looks at each file, joining its queues by table unless that is NULL; how many have events. */
static int poll_look(struct poll_entry *entries, unsigned n, struct poll_table *table)
{
    int ready = 0;
    unsigned i;

    for (i = 0; i < n; i++) {
        struct poll_entry *entry = &entries[i];

        entry->revents = 0;
        if (!entry->file)
            continue;
        entry->revents = file_poll(entry->file, ready ? NULL : table) &
                         (entry->events | POLLERR | POLLHUP | POLLNVAL);
        ready += entry->revents != 0;
    }
    return ready;
}

int poll_wait(struct poll_entry *entries, unsigned n, uint64_t deadline)
{
    struct poll_wait wait = {.table.add = poll_join};
    struct poll_table *table = &wait.table;
    bool expired = deadline <= time_ns();
    int result;

    if (expired)
        return poll_look(entries, n, NULL);
    wait_queue_init(&wait.own_queue);
    for (;;) {
        wait_prepare(&wait.own_queue, &wait.own_entry, TASK_INTERRUPTIBLE);
        result = poll_look(entries, n, table);
        table = NULL;
        if (result == 0)
            result = wait.error;
        if (result != 0 || expired)
            break;
        if (wait_interrupted(TASK_INTERRUPTIBLE)) {
            result = -EINTR;
            break;
        }
        expired = !wait_sleep_until(deadline);
    }
    poll_leave(&wait);
    return result;
}
