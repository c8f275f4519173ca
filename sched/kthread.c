#include "sched/kthread.h"

#include "arch/irq.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "sched/sched.h"

struct kthread_start {
    void (*fn)(void *);
    void *arg;
};

static void kthread_main(void *arg)
{
    struct kthread_start start = *(struct kthread_start *)arg;

    sched_finish_switch();
    irq_enable();
    kmfree(arg);
    start.fn(start.arg);
    sched_exit();
}

struct task *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
    struct kthread_start *start = kmalloc(sizeof(*start), 0);
    struct task *task = start ? task_create_kernel() : NULL;

    if (!task) {
        kmfree(start);
        return NULL;
    }
    *start = (struct kthread_start){fn, arg};
    str_copy(task->comm, name, sizeof(task->comm));
    thread_init_kernel(&task->thread, task->stack_top, kthread_main, start);
    sched_start(task);
    return task;
}
