/*
 * The child names its parent's wait in vfork_done and vfork_flag; both are changed and followed
 * under process_lock only, so neither the child's end nor a parent that is killed while it waits
 * leaves the other with a dangling pointer.
 */
#include "process/vfork.h"

#include "lib/errno.h"
#include "sched/task.h"

static void vfork_set(struct task *child, struct vfork_wait *wait)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);

    child->vfork_done = wait ? &wait->queue : NULL;
    child->vfork_flag = wait ? &wait->done : NULL;
    spin_unlock_irqrestore(&process_lock, flags);
}

void vfork_prepare(struct task *child, struct vfork_wait *wait)
{
    wait_queue_init(&wait->queue);
    wait->done = false;
    task_get(child);
    vfork_set(child, wait);
}

void vfork_wait(struct task *child, struct vfork_wait *wait)
{
    (void)wait_event_killable(&wait->queue, __atomic_load_n(&wait->done, __ATOMIC_ACQUIRE));
    vfork_set(child, NULL);
    task_put(child);
}

void vfork_release(void)
{
    struct task *task = current_task();
    uint64_t flags = spin_lock_irqsave(&process_lock);

    if (task->vfork_done) {
        __atomic_store_n(task->vfork_flag, true, __ATOMIC_RELEASE);
        wait_wake_all(task->vfork_done);
        task->vfork_done = NULL;
        task->vfork_flag = NULL;
    }
    spin_unlock_irqrestore(&process_lock, flags);
}
