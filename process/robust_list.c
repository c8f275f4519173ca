#include "process/robust_list.h"

#include "arch/uaccess.h"

/* Linux, include/uapi/linux/futex.h. */
#define FUTEX_WAITERS     0x80000000u
#define FUTEX_OWNER_DIED  0x40000000u
#define FUTEX_TID_MASK    0x3fffffffu
#define ROBUST_LIST_LIMIT 2048
#define ROBUST_PI         1UL /* bit 0 of an entry: a priority-inheriting lock, which we do not have */

struct robust_list_head {
    uint64_t list;
    int64_t futex_offset;
    uint64_t pending;
};

/* Marks one lock word if the thread still owns it. */
static void mark_owner_died(vaddr_t word, uint32_t tid, void (*wake)(vaddr_t word))
{
    uint32_t value;

    if (!IS_ALIGNED(word, sizeof(value)) || copy_from_user(&value, word, sizeof(value)))
        return;
    if ((value & FUTEX_TID_MASK) != tid)
        return;
    value = (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
    if (!copy_to_user(word, &value, sizeof(value)) && value & FUTEX_WAITERS)
        wake(word);
}

void robust_list_walk(vaddr_t head, uint32_t tid, void (*wake)(vaddr_t word))
{
    struct robust_list_head list;
    uint64_t entry, next;

    if (copy_from_user(&list, head, sizeof(list)))
        return;
    entry = list.list;
    for (int i = 0; (entry & ~ROBUST_PI) != head && i < ROBUST_LIST_LIMIT; i++) {
        bool last = copy_from_user(&next, entry & ~ROBUST_PI, sizeof(next));

        if (entry != list.pending)
            mark_owner_died((entry & ~ROBUST_PI) + (uint64_t)list.futex_offset, tid, wake);
        if (last)
            return;
        entry = next;
    }
    if (list.pending)
        mark_owner_died((list.pending & ~ROBUST_PI) + (uint64_t)list.futex_offset, tid, wake);
}
