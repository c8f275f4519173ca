#include "process/user_return.h"

#include "arch/irq.h"
#include "arch/thread.h"
#include "arch/uaccess.h"
#include "process/init.h"
#include "process/signal_deliver.h"
#include "sched/sched.h"
#include "sched/task.h"

void process_return_to_user(struct trap_frame *frame)
{
    struct task *task = current_task();

    while (task->need_resched || task->signal_wake) {
        irq_enable();
        if (task->need_resched)
            sched_yield();
        if (task->signal_wake)
            signal_deliver(frame);
        irq_disable();
    }
    sched_send_ipis();
}

void process_new_user_thread(struct trap_frame *frame)
{
    struct task *task = current_task();

    sched_finish_switch();
    irq_enable();
    if (!task->mm)
        init_run(frame);
    if (task->set_child_tid) {
        size_t left = copy_to_user(task->set_child_tid, &task->tid, sizeof(task->tid));

        (void)left; /* as on Linux: the program gave a bad address, and finds nothing there */
    }
    irq_disable();
    process_return_to_user(frame);
}
