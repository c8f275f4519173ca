/*
 * Futexes: sleeping on a word of user memory until somebody says that it has changed. futex(2),
 * futex(7).
 *
 * Served: FUTEX_WAIT, WAKE, WAIT_BITSET, WAKE_BITSET, REQUEUE, CMP_REQUEUE, private or shared. All
 * else (priority inheritance, WAKE_OP, descriptors) is -ENOSYS.
 */
#pragma once

#include "lib/types.h"

/* Linux, include/uapi/linux/futex.h. */
#define FUTEX_WAIT           0
#define FUTEX_WAKE           1
#define FUTEX_REQUEUE        3
#define FUTEX_CMP_REQUEUE    4
#define FUTEX_WAIT_BITSET    9
#define FUTEX_WAKE_BITSET    10
#define FUTEX_PRIVATE_FLAG   128
#define FUTEX_CLOCK_REALTIME 256
#define FUTEX_CMD_MASK       (~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))

#define FUTEX_BITSET_ANY 0xffffffffu

/* A word of user memory that is waited for, in a way that both sides compute alike. */
struct futex_target {
    vaddr_t addr; /* aligned to 4: else -EINVAL */
    bool shared;  /* may be in memory that other address spaces map too */
};

/*
 * Sleeps if the word still holds `value`, until a wake-up whose bits meet `bits`, or the deadline
 * (time_ns(); UINT64_MAX: none). 0; -EAGAIN (another value), -ETIMEDOUT, -EINTR, -EFAULT, -EINVAL
 * (bits 0, or not aligned).
 */
int futex_wait(struct futex_target target, uint32_t value, uint32_t bits, uint64_t deadline);

/* Wakes up to `count` sleepers whose bits meet `bits`: how many, or -EFAULT, -EINVAL. */
int futex_wake(struct futex_target target, int count, uint32_t bits);

/* What FUTEX_REQUEUE does: wakes some, moves others to another word. */
struct futex_move {
    struct futex_target from, to;
    int wake, move;
    bool compare; /* only if `from` still holds value: else -EAGAIN */
    uint32_t value;
};

/* How many were woken or moved, or -EAGAIN, -EFAULT, -EINVAL. */
int futex_requeue(const struct futex_move *how);

struct task;

/*
 * The running task ends: the robust locks that it holds are marked and one waiter of each is woken,
 * the word that set_tid_address(2) named becomes 0 and is woken too.
 */
void futex_exit(struct task *task);
