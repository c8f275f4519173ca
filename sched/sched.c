/*
 * Run queues and the switch. See sched.h for the policy.
 *
 * A run queue's lock is taken by the task that leaves, held across thread_switch(), and let go by
 * the task that arrives (sched_finish_switch). So whoever holds a queue's lock knows that every
 * task of that queue, its current one apart, has its registers saved.
 *
 * task->rq changes only under the lock of the queue it names, so a waker locks the queue it read
 * and looks again. Two queues are never locked at once but by a thief, who only tries the second.
 *
 * Lost wake-ups are excluded thus: a hart that goes idle sets its bit in idle_harts, then looks at
 * all queues once more; a waker enqueues, then looks at idle_harts.
 */
#include "sched/sched.h"

#include "arch/irq.h"
#include "arch/time.h"
#include "kernel/hart.h"
#include "kernel/lock_order.h"
#include "kernel/spinlock.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/errno.h"
#include "sched/task.h"
#include "sched/timer.h"

struct run_queue {
    struct spinlock lock;
    struct list_head tasks; /* runnable, not running */
    unsigned count;         /* of tasks */
    unsigned hart;          /* (i) */
    struct task *current;
    struct task *idle;     /* (i) */
    struct task *previous; /* whom the running task took over from */
    uint64_t ipi_wanted;   /* this hart only, interrupts off: harts to tell of work */
    uint64_t idle_ns;
};

static struct run_queue run_queues[MAX_HARTS];
static _Atomic uint64_t idle_harts; /* (a) a bit for each hart that waits for work */
static void (*send_ipis_hook)(uint64_t harts);
static void (*switch_mm_hook)(struct task *prev, struct task *next);

/*
 * How long an idle hart sleeps at most. It has nothing to do then; but a clock that an emulator
 * moves on to the next alarm whenever all harts sleep (QEMU's -icount sleep=off) needs one at hand.
 */
#define IDLE_ALARM_NS 2000000000UL

static struct run_queue *this_rq(void)
{
    return &run_queues[hart_index()];
}

void sched_init(void)
{
    for (unsigned i = 0; i < MAX_HARTS; i++) {
        spin_init(&run_queues[i].lock, "run queue");
        list_init(&run_queues[i].tasks);
        run_queues[i].hart = i;
    }
}

void sched_init_hart(struct task *idle)
{
    struct run_queue *rq = this_rq();

    rq->idle = idle;
    rq->current = idle;
    idle->rq = rq;
    idle->accounted_ns = time_ns();
    timer_set_slice(idle->accounted_ns + IDLE_ALARM_NS);
}

void sched_set_ipis(void (*send_ipis)(uint64_t harts))
{
    send_ipis_hook = send_ipis;
}

void sched_set_switch_mm(void (*switch_mm)(struct task *prev, struct task *next))
{
    switch_mm_hook = switch_mm;
}

static void rq_push(struct run_queue *rq, struct task *task)
{
    assert(spin_held(&rq->lock) && !task->queued);
    task->rq = rq;
    task->queued = true;
    list_add_tail(&task->rq_link, &rq->tasks);
    rq->count++;
}

static struct task *rq_pop(struct run_queue *rq)
{
    struct task *task;

    assert(spin_held(&rq->lock));
    if (list_empty(&rq->tasks))
        return NULL;
    task = list_first_entry(&rq->tasks, struct task, rq_link);
    list_del(&task->rq_link);
    task->queued = false;
    rq->count--;
    return task;
}

/* Locks the queue that task belongs to and returns it. Interrupts are off. */
static struct run_queue *rq_lock_of(struct task *task)
{
    for (;;) {
        struct run_queue *rq = __atomic_load_n(&task->rq, __ATOMIC_ACQUIRE);

        spin_lock(&rq->lock);
        if (rq == task->rq)
            return rq;
        spin_unlock(&rq->lock);
    }
}

/* Where a woken task goes: its own hart if that is idle, else any idle hart, else its own. */
static struct run_queue *rq_choose(struct task *task)
{
    uint64_t idle = idle_harts;

    if (!idle || idle & BIT(task->rq->hart))
        return task->rq;
    return &run_queues[ctz64(idle)];
}

/*
 * Notes that a hart is to be told that there is work: the queue's own if it is idle, else any idle
 * one, as a thief. The interrupt itself is sent later, by sched_send_ipis(): it is a call of the
 * firmware, too slow to make under a lock.
 */
static void rq_want_ipi(struct run_queue *rq)
{
    uint64_t idle = idle_harts;
    unsigned target = rq->hart;

    if (!idle)
        return;
    if (!(idle & BIT(target)))
        target = ctz64(idle);
    if (target != hart_index())
        this_rq()->ipi_wanted |= BIT(target);
}

void sched_send_ipis(void)
{
    uint64_t flags = irq_save();
    struct run_queue *rq = this_rq();
    uint64_t wanted = rq->ipi_wanted;

    rq->ipi_wanted = 0;
    irq_restore(flags);
    if (wanted)
        send_ipis_hook(wanted);
}

static void rq_push_and_tell(struct run_queue *rq, struct task *task)
{
    spin_lock(&rq->lock);
    rq_push(rq, task);
    spin_unlock(&rq->lock);
    rq_want_ipi(rq);
}

void sched_start(struct task *task)
{
    uint64_t flags = irq_save();
    struct run_queue *rq = this_rq();

    task->rq = rq;
    rq = rq_choose(task);
    task->rq = rq;
    rq_push_and_tell(rq, task);
    irq_restore(flags);
    sched_send_ipis();
}

bool sched_wake(struct task *task, unsigned states)
{
    uint64_t flags;
    struct run_queue *rq;
    bool slept, move;

    if (!task->rq) /* it has not been started: it does not sleep */
        return false;
    flags = irq_save();
    rq = rq_lock_of(task);
    slept = task->state & states;
    move = slept && rq->current != task;
    if (slept)
        task->state = TASK_RUNNING;
    if (move) {
        assert(!task->queued);
        task->rq = rq_choose(task);
    }
    spin_unlock(&rq->lock);
    if (move)
        rq_push_and_tell(task->rq, task);
    irq_restore(flags);
    return slept;
}

void sched_kick(struct task *task)
{
    uint64_t flags = irq_save();
    struct run_queue *rq = __atomic_load_n(&task->rq, __ATOMIC_ACQUIRE);

    if (rq && rq->hart != hart_index() && __atomic_load_n(&rq->current, __ATOMIC_RELAXED) == task)
        this_rq()->ipi_wanted |= BIT(rq->hart);
    irq_restore(flags);
}

/*
 * Takes the first task of the longest other queue, if rq is empty or that queue is longer by two at
 * least, so that all come to be about as long; rq is locked.
 */
static struct task *rq_steal(struct run_queue *rq)
{
    struct run_queue *victim = NULL;
    struct task *task = NULL;
    unsigned longest = rq->count ? rq->count + 1 : 0;

    for (unsigned i = 0; i < hart_count; i++) {
        unsigned count = __atomic_load_n(&run_queues[i].count, __ATOMIC_RELAXED);

        if (count > longest) {
            longest = count;
            victim = &run_queues[i];
        }
    }
    if (!victim || victim == rq || !spin_trylock(&victim->lock))
        return NULL;
    task = rq_pop(victim);
    if (task)
        __atomic_store_n(&task->rq, rq, __ATOMIC_RELEASE);
    spin_unlock(&victim->lock);
    return task;
}

static struct task *rq_pick(struct run_queue *rq)
{
    struct task *task = rq_steal(rq);

    if (!task)
        task = rq_pop(rq);
    return task ? task : rq->idle;
}

/* Adds the running time since the last look to the task's usage, or to the hart's idle time. */
static void account(struct run_queue *rq, struct task *task, uint64_t now)
{
    uint64_t ran = now - task->accounted_ns;

    task->accounted_ns = now;
    if (task == rq->idle)
        rq->idle_ns += ran;
    else if (task->ticked_in_user)
        task->usage.user_ns += ran;
    else
        task->usage.system_ns += ran;
}

/* Gives the task a new slice, from now on, and sets the alarm for its end. */
static void rq_set_slice(struct run_queue *rq, struct task *task, uint64_t now)
{
    task->slice_end_ns = now + (task == rq->idle ? IDLE_ALARM_NS : SCHED_SLICE_NS);
    timer_set_slice(task->slice_end_ns);
}

/* The part of a switch that concerns the task that comes. */
static void prepare_next(struct run_queue *rq, struct task *prev, struct task *next, uint64_t now)
{
    next->thread.hart = this_hart();
    next->accounted_ns = now;
    next->need_resched = false;
    rq_set_slice(rq, next, now);
    if (!prev->kernel_thread)
        fp_save(&prev->thread);
    switch_mm_hook(prev, next);
    if (!next->kernel_thread)
        fp_restore(&next->thread);
}

void sched_switch(void)
{
    uint64_t flags = irq_save();
    struct run_queue *rq = this_rq();
    struct task *prev = current_task(), *next;
    uint64_t now = time_ns();

    lock_order_may_sleep();
    sched_send_ipis();
    spin_lock(&rq->lock);
    account(rq, prev, now);
    if (prev->state == TASK_RUNNING && prev != rq->idle)
        rq_push(rq, prev);
    next = rq_pick(rq);
    if (next == prev) {
        prev->need_resched = false;
        rq_set_slice(rq, prev, now);
        spin_unlock(&rq->lock);
        irq_restore(flags);
        return;
    }
    rq->current = next;
    rq->previous = prev;
    prepare_next(rq, prev, next, now);
    thread_switch(&prev->thread, &next->thread);
    sched_finish_switch();
    irq_restore(flags);
}

void sched_finish_switch(void)
{
    struct run_queue *rq = this_rq();
    struct task *prev = rq->previous;
    bool dead = prev->state == TASK_DEAD;

    spin_unlock(&rq->lock);
    if (dead)
        task_put(prev);
}

void sched_yield(void)
{
    current_task()->usage.involuntary_switches++;
    sched_switch();
}

void sched_relax(void)
{
    if (current_task()->need_resched)
        sched_yield();
}

void sched_exit(void)
{
    irq_disable();
    current_task()->state = TASK_DEAD;
    sched_switch();
    __builtin_unreachable();
}

static bool work_anywhere(void)
{
    for (unsigned i = 0; i < hart_count; i++)
        if (__atomic_load_n(&run_queues[i].count, __ATOMIC_SEQ_CST))
            return true;
    return false;
}

void sched_idle(void)
{
    uint64_t bit = BIT(hart_index());

    for (;;) {
        irq_disable();
        idle_harts |= bit;
        if (!work_anywhere())
            cpu_wait();
        idle_harts &= ~bit;
        irq_enable();
        sched_switch();
    }
}

void sched_tick(bool in_user)
{
    struct run_queue *rq = this_rq();
    struct task *task = current_task();
    uint64_t now = time_ns();

    task->ticked_in_user = in_user;
    account(rq, task, now);
    if (now < task->slice_end_ns)
        return;
    rq_set_slice(rq, task, now);
    if (task != rq->idle && work_anywhere())
        task->need_resched = true;
}

unsigned sched_running(void)
{
    unsigned n = 0;

    for (unsigned i = 0; i < hart_count; i++)
        n += run_queues[i].count + (run_queues[i].current != run_queues[i].idle);
    return n;
}

uint64_t sched_idle_ns(void)
{
    uint64_t ns = 0;

    for (unsigned i = 0; i < hart_count; i++) {
        struct run_queue *rq = &run_queues[i];
        uint64_t flags = spin_lock_irqsave(&rq->lock);

        ns += rq->idle_ns;
        if (rq->idle && rq->current == rq->idle)
            ns += time_ns() - rq->idle->accounted_ns;
        spin_unlock_irqrestore(&rq->lock, flags);
    }
    return ns;
}
