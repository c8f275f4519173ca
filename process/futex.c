/*
 * One table of sleepers, hashed by key, under one lock. A key is (address space, address) for
 * private memory and (page cache, offset) for shared mappings, so that processes that map the same
 * page at different places meet.
 *
 * A sleeper joins its list first and reads the word then: a waker changes the word first and looks
 * at the list then. So either the sleeper sees the new value, or the waker sees the sleeper. The
 * read may fault and sleep, so it is made without the lock; a wake-up that arrives meanwhile counts
 * (`woken`), whatever the word said.
 */
#include "process/futex.h"

#include "arch/uaccess.h"
#include "lib/errno.h"
#include "mm/mm.h"
#include "mm/page_source.h"
#include "process/robust_list.h"
#include "sched/task.h"

#define FUTEX_BUCKETS 256

struct futex_key {
    const void *object; /* struct mm or struct page_cache */
    uint64_t offset;    /* address, or byte in the object */
};

struct futex_waiter {
    struct list_head link;
    struct futex_key key;
    uint32_t bits;
    bool woken;
    struct wait_queue queue;
};

static struct spinlock futex_lock = SPINLOCK_INIT("futex");
static struct list_head buckets[FUTEX_BUCKETS]; /* under futex_lock; a zero head is empty */

static struct list_head *bucket_of(const struct futex_key *key)
{
    uint64_t hash = ((uint64_t)key->object >> 6) ^ (key->offset >> 2);
    struct list_head *head = &buckets[(hash ^ hash >> 8 ^ hash >> 16) % FUTEX_BUCKETS];

    if (!head->next)
        list_init(head);
    return head;
}

static bool key_equal(const struct futex_key *a, const struct futex_key *b)
{
    return a->object == b->object && a->offset == b->offset;
}

/* The key of a word: 0, -EINVAL or -EFAULT. */
static int key_make(struct futex_target target, struct futex_key *key)
{
    struct mm *mm = current_task()->mm;
    struct vma *vma;

    if (!IS_ALIGNED(target.addr, sizeof(uint32_t)))
        return -EINVAL;
    if (!user_range_ok(target.addr, sizeof(uint32_t)))
        return -EFAULT;
    *key = (struct futex_key){mm, target.addr};
    if (!target.shared)
        return 0;
    rw_lock_read(&mm->lock);
    vma = vma_find(&mm->vmas, target.addr);
    if (vma && vma->start <= target.addr && vma->flags & VMA_SHARED && vma->source)
        *key = (struct futex_key){vma->source->cache, vma_index(vma, target.addr) << PAGE_SHIFT |
                                                          (target.addr & ~PAGE_MASK)};
    rw_unlock_read(&mm->lock);
    return 0;
}

static int read_word(vaddr_t addr, uint32_t *value)
{
    return copy_from_user(value, addr, sizeof(*value)) ? -EFAULT : 0;
}

/* Leaves the table; true if a wake-up had already taken the waiter out. */
static bool waiter_leave(struct futex_waiter *waiter)
{
    bool woken;

    spin_lock(&futex_lock);
    woken = waiter->woken;
    if (!woken)
        list_del(&waiter->link);
    spin_unlock(&futex_lock);
    return woken;
}

int futex_wait(struct futex_target target, uint32_t value, uint32_t bits, uint64_t deadline)
{
    struct futex_waiter waiter = {.bits = bits};
    uint32_t now;
    int error;

    if (!bits)
        return -EINVAL;
    error = key_make(target, &waiter.key);
    if (error)
        return error;
    wait_queue_init(&waiter.queue);
    spin_lock(&futex_lock);
    list_add_tail(&waiter.link, bucket_of(&waiter.key));
    spin_unlock(&futex_lock);
    error = read_word(target.addr, &now);
    if (!error && now != value)
        error = -EAGAIN;
    if (!error)
        error = wait_event_until(&waiter.queue, __atomic_load_n(&waiter.woken, __ATOMIC_ACQUIRE),
                                 deadline);
    return waiter_leave(&waiter) ? 0 : error;
}

/* Takes a waiter out and lets it go: it may be gone once futex_lock is. */
static void waiter_wake(struct futex_waiter *waiter)
{
    list_del(&waiter->link);
    __atomic_store_n(&waiter->woken, true, __ATOMIC_RELEASE);
    wait_wake_all(&waiter->queue);
}

/* Wakes up to count waiters of the key; futex_lock is held. */
static int wake_locked(const struct futex_key *key, int count, uint32_t bits)
{
    struct futex_waiter *waiter, *next;
    int woken = 0;

    list_for_each_entry_safe (waiter, next, bucket_of(key), link) {
        if (woken >= count)
            break;
        if (!key_equal(&waiter->key, key) || !(waiter->bits & bits))
            continue;
        waiter_wake(waiter);
        woken++;
    }
    return woken;
}

int futex_wake(struct futex_target target, int count, uint32_t bits)
{
    struct futex_key key;
    int error, woken;

    if (!bits)
        return -EINVAL;
    error = key_make(target, &key);
    if (error)
        return error;
    spin_lock(&futex_lock);
    woken = wake_locked(&key, count, bits);
    spin_unlock(&futex_lock);
    return woken;
}

/* Moves up to count waiters from one key to another; futex_lock is held. */
static int move_locked(const struct futex_key *from, const struct futex_key *to, int count)
{
    struct futex_waiter *waiter, *next;
    int moved = 0;

    list_for_each_entry_safe (waiter, next, bucket_of(from), link) {
        if (moved >= count)
            break;
        if (!key_equal(&waiter->key, from))
            continue;
        list_del(&waiter->link);
        waiter->key = *to;
        list_add_tail(&waiter->link, bucket_of(to));
        moved++;
    }
    return moved;
}

int futex_requeue(const struct futex_move *how)
{
    struct futex_key from, to;
    uint32_t now;
    int error, n;

    if (how->wake < 0 || how->move < 0)
        return -EINVAL;
    error = key_make(how->from, &from);
    if (!error)
        error = key_make(how->to, &to);
    if (!error && how->compare)
        error = read_word(how->from.addr, &now);
    if (error)
        return error;
    if (how->compare && now != how->value)
        return -EAGAIN;
    spin_lock(&futex_lock);
    n = wake_locked(&from, how->wake, FUTEX_BITSET_ANY);
    if (!key_equal(&from, &to))
        n += move_locked(&from, &to, how->move);
    spin_unlock(&futex_lock);
    return n;
}

static void wake_one(vaddr_t addr)
{
    (void)futex_wake((struct futex_target){addr, true}, 1, FUTEX_BITSET_ANY);
}

void futex_exit(struct task *task)
{
    const uint32_t zero = 0;

    if (!task->mm)
        return;
    if (task->robust_list)
        robust_list_walk(task->robust_list, (uint32_t)task->tid, wake_one);
    task->robust_list = 0;
    if (task->clear_child_tid && task->mm->refs > 1 &&
        !copy_to_user(task->clear_child_tid, &zero, sizeof(zero)))
        wake_one(task->clear_child_tid);
    task->clear_child_tid = 0;
}
