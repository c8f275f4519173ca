/*
 * Robust mutexes: a thread keeps a list of those it holds in its own memory; when it ends, the
 * kernel marks them as left behind. get_robust_list(2); the list's form is Linux's
 * (Documentation/locking/robust-futex-ABI.rst).
 */
#pragma once

#include "lib/types.h"

#define ROBUST_LIST_HEAD_SIZE                                                                      \
    24 /* struct robust_list_head: list, futex_offset, list_op_pending                             \
        */

/*
 * Walks the list at `head` (user memory, hostile) of the ending thread `tid`; wake is called with
 * the address of each lock word that has waiters.
 */
void robust_list_walk(vaddr_t head, uint32_t tid, void (*wake)(vaddr_t word));
