/*
 * Doubly linked circular lists whose links live in the structures they join. A head is a link
 * that belongs to no structure; an empty list is a head that points to itself.
 *
 * None of these calls lock; whoever owns the list does.
 */
#pragma once

#include "lib/types.h"

struct list_head {
    struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name)                                                                       \
    {                                                                                              \
        &(name), &(name)                                                                           \
    }

static inline void list_init(struct list_head *head)
{
    head->next = head;
    head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
    return head->next == head;
}

static inline void list_insert_between(struct list_head *item, struct list_head *prev,
                                       struct list_head *next)
{
    item->prev = prev;
    item->next = next;
    prev->next = item;
    next->prev = item;
}

/* Adds item as the first of the list. */
static inline void list_add(struct list_head *item, struct list_head *head)
{
    list_insert_between(item, head, head->next);
}

/* Adds item as the last of the list. */
static inline void list_add_tail(struct list_head *item, struct list_head *head)
{
    list_insert_between(item, head->prev, head);
}

/* Takes item out of its list and leaves it an empty list of its own; harmless on such a one. */
static inline void list_del(struct list_head *item)
{
    item->prev->next = item->next;
    item->next->prev = item->prev;
    list_init(item);
}

/* Moves all of from's items to the end of to. */
static inline void list_splice_tail(struct list_head *from, struct list_head *to)
{
    if (list_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

#define list_entry(p, T, M)       container_of(p, T, M)
#define list_first_entry(h, T, M) list_entry((h)->next, T, M)
#define list_last_entry(h, T, M)  list_entry((h)->prev, T, M)

/* Walks the list; the loop body must not take pos out of it. */
#define list_for_each_entry(pos, head, M)                                                          \
    for (pos = list_first_entry(head, __typeof__(*pos), M); &pos->M != (head);                     \
         pos = list_entry(pos->M.next, __typeof__(*pos), M))

/* Walks the list; the loop body may take pos out of it. */
#define list_for_each_entry_safe(pos, tmp, head, M)                                                \
    for (pos = list_first_entry(head, __typeof__(*pos), M),                                        \
        tmp = list_entry(pos->M.next, __typeof__(*pos), M);                                        \
         &pos->M != (head); pos = tmp, tmp = list_entry(tmp->M.next, __typeof__(*tmp), M))
