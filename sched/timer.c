/*
 * Timers by deadline in one tree for each hart, and the hart's alarm: the earlier of the first
 * timer and the end of the running task's slice.
 *
 * A callback runs with the tree's lock let go. timer_cancel() on another hart waits until it is
 * over: `firing` names it.
 */
#include "sched/timer.h"

#include "arch/irq.h"
#include "arch/time.h"
#include "kernel/hart.h"
#include "kernel/spinlock.h"

struct timer_queue {
    struct spinlock lock;
    struct rb_root tree;   /* under lock, by deadline */
    struct timer *firing;  /* under lock: its callback is running */
    uint64_t slice_end_ns; /* this hart only */
};

static struct timer_queue timer_queues[MAX_HARTS];

/* The queue's lock is held, on its own hart. */
static void set_alarm(struct timer_queue *q)
{
    struct rb_node *first = rb_first(&q->tree);
    uint64_t deadline = q->slice_end_ns;

    if (first)
        deadline = MIN(deadline, rb_entry(first, struct timer, node)->deadline_ns);
    time_set_alarm(ns_to_ticks(deadline));
}

void timer_init(struct timer *timer, void (*fire)(struct timer *))
{
    timer->fire = fire;
    timer->hart = -1;
}

static void queue_insert(struct timer_queue *q, struct timer *timer)
{
    struct rb_node **link = &q->tree.node, *parent = NULL;

    while (*link) {
        parent = *link;
        link = timer->deadline_ns < rb_entry(parent, struct timer, node)->deadline_ns
                   ? &parent->left
                   : &parent->right;
    }
    rb_insert(&q->tree, &timer->node, parent, link, NULL);
}

void timer_arm(struct timer *timer, uint64_t deadline_ns)
{
    uint64_t flags;
    struct timer_queue *q;

    timer_cancel(timer);
    flags = irq_save();
    q = &timer_queues[hart_index()];
    spin_lock(&q->lock);
    timer->deadline_ns = deadline_ns;
    timer->hart = (int)hart_index();
    queue_insert(q, timer);
    if (rb_first(&q->tree) == &timer->node)
        set_alarm(q);
    spin_unlock(&q->lock);
    irq_restore(flags);
}

bool timer_cancel(struct timer *timer)
{
    int hart = timer->hart;
    struct timer_queue *q;
    bool armed;

    if (hart < 0)
        return false;
    q = &timer_queues[hart];
    for (;;) {
        uint64_t flags = spin_lock_irqsave(&q->lock);
        bool busy = q->firing == timer;

        armed = timer->hart == hart && !busy;
        if (armed) {
            rb_erase(&q->tree, &timer->node, NULL);
            timer->hart = -1;
        }
        spin_unlock_irqrestore(&q->lock, flags);
        if (!busy)
            return armed;
        cpu_relax();
    }
}

/* Takes the first timer that is due out of the queue, or NULL. */
static struct timer *queue_take_due(struct timer_queue *q, uint64_t now)
{
    struct rb_node *first = rb_first(&q->tree);
    struct timer *timer = first ? rb_entry(first, struct timer, node) : NULL;

    if (!timer || timer->deadline_ns > now)
        return NULL;
    rb_erase(&q->tree, first, NULL);
    return timer;
}

void timer_interrupt(void)
{
    struct timer_queue *q = &timer_queues[hart_index()];
    uint64_t now = time_ns();

    spin_lock(&q->lock);
    if (q->slice_end_ns <= now)
        q->slice_end_ns = UINT64_MAX;
    while ((q->firing = queue_take_due(q, now))) {
        struct timer *timer = q->firing;

        spin_unlock(&q->lock);
        timer->fire(timer);
        spin_lock(&q->lock);
        timer->hart = -1;
    }
    set_alarm(q);
    spin_unlock(&q->lock);
}

void timer_set_slice(uint64_t slice_end_ns)
{
    uint64_t flags = irq_save();
    struct timer_queue *q = &timer_queues[hart_index()];

    spin_lock(&q->lock);
    q->slice_end_ns = slice_end_ns;
    set_alarm(q);
    spin_unlock(&q->lock);
    irq_restore(flags);
}
