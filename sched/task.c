/*
 * Tasks and processes: making them, numbering them, finding them. Life and death are
 * process/fork.c's and process/exit.c's business; running them is sched/sched.c's.
 */
#include "sched/task.h"

#include "kernel/hart.h"
#include "lib/assert.h"
#include "lib/bitmap.h"
#include "lib/string.h"
#include "mm/alloc/kmap.h"
#include "mm/alloc/slab.h"

#define PID_MAX      32768 /* Linux's default, pid_max in proc(5) */
#define PID_RESERVED 300   /* numbers wrap to here, as on Linux */
#define PID_HASH     256

struct spinlock process_lock = SPINLOCK_INIT("process");
struct process kernel_process;

static struct slab_cache *task_cache, *process_cache;
static struct list_head process_hash[PID_HASH], task_hash[PID_HASH]; /* (p) */
static struct list_head process_list;                                /* (p) */
static unsigned published_processes;                                 /* (p) */
static uint64_t pid_map[PID_MAX / 64];                               /* (p) numbers in use */
static pid_t pid_last;                                               /* (p) */

static pid_t pid_alloc(void)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    size_t pid = bitmap_find_zero(pid_map, PID_MAX, (size_t)pid_last + 1);

    if (pid >= PID_MAX)
        pid = bitmap_find_zero(pid_map, PID_MAX, PID_RESERVED);
    if (pid < PID_MAX) {
        bitmap_set(pid_map, pid);
        pid_last = (pid_t)pid;
    }
    spin_unlock_irqrestore(&process_lock, flags);
    return pid < PID_MAX ? (pid_t)pid : 0;
}

static void pid_free(pid_t pid)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);

    assert(bitmap_test(pid_map, (size_t)pid));
    bitmap_clear(pid_map, (size_t)pid);
    spin_unlock_irqrestore(&process_lock, flags);
}

static void task_init_fields(struct task *task)
{
    memset(task, 0, sizeof(*task));
    task->refs = 1;
    list_init(&task->thread_link);
    list_init(&task->tid_hash_link);
    list_init(&task->rq_link);
    sigpending_init(&task->pending);
    task->ticked_in_user = true;
}

struct task *task_create_kernel(void)
{
    struct task *task = slab_alloc(task_cache, 0);

    if (!task)
        return NULL;
    task_init_fields(task);
    task->process = &kernel_process;
    task->kernel_thread = true;
    task->stack_top = kstack_alloc();
    if (task->stack_top)
        return task;
    slab_free(task_cache, task);
    return NULL;
}

struct task *task_create(void)
{
    struct task *task = task_create_kernel();

    if (!task)
        return NULL;
    task->process = NULL;
    task->kernel_thread = false;
    task->tid = pid_alloc();
    if (task->tid)
        return task;
    task_put(task);
    return NULL;
}

void task_put(struct task *task)
{
    if (__atomic_sub_fetch((uint32_t *)&task->refs, 1, __ATOMIC_ACQ_REL))
        return;
    assert(task->state == TASK_DEAD || !task->rq);
    assert(list_empty(&task->tid_hash_link));
    kstack_free(task->stack_top);
    if (task->tid && !task->numbers_process)
        pid_free(task->tid);
    slab_free(task_cache, task);
}

struct process *process_create(struct task *leader)
{
    struct process *process = slab_alloc(process_cache, 0);

    if (!process)
        return NULL;
    memset(process, 0, sizeof(*process));
    process->pid = leader->tid;
    process->leader = leader;
    list_init(&process->children);
    list_init(&process->sibling);
    list_init(&process->threads);
    list_init(&process->hash_link);
    list_init(&process->all_link);
    wait_queue_init(&process->child_wait);
    sigpending_init(&process->shared_pending);
    leader->process = process;
    leader->numbers_process = true;
    return process;
}

void process_publish(struct process *process, struct process *parent)
{
    assert(spin_held(&process_lock));
    process->parent = parent;
    if (parent)
        list_add_tail(&process->sibling, &parent->children);
    list_add(&process->hash_link, &process_hash[process->pid % PID_HASH]);
    list_add_tail(&process->all_link, &process_list);
    published_processes++;
    task_publish(process->leader);
}

void task_publish(struct task *task)
{
    assert(spin_held(&process_lock));
    list_add_tail(&task->thread_link, &task->process->threads);
    list_add(&task->tid_hash_link, &task_hash[task->tid % PID_HASH]);
    task->process->thread_count++;
}

void task_unpublish(struct task *task)
{
    assert(spin_held(&process_lock));
    list_del(&task->thread_link);
    list_del(&task->tid_hash_link);
    task->process->thread_count--;
    if (task->process->leader == task)
        task->process->leader = NULL;
}

void task_become_leader(void)
{
    struct task *task = current_task();
    struct process *process = task->process;

    assert(spin_held(&process_lock) && process->thread_count == 1);
    process->leader = task;
    if (task->numbers_process)
        return;
    list_del(&task->tid_hash_link);
    bitmap_clear(pid_map, (size_t)task->tid);
    task->tid = process->pid;
    task->numbers_process = true;
    list_add(&task->tid_hash_link, &task_hash[task->tid % PID_HASH]);
}

void process_unpublish(struct process *process)
{
    assert(spin_held(&process_lock));
    list_del(&process->sibling);
    list_del(&process->hash_link);
    list_del(&process->all_link);
    published_processes--;
}

void process_free(struct process *process)
{
    assert(list_empty(&process->hash_link) && list_empty(&process->children));
    pid_free(process->pid);
    slab_free(process_cache, process);
}

struct process *process_find(pid_t pid)
{
    struct process *process;

    assert(spin_held(&process_lock));
    if (pid <= 0)
        return NULL;
    list_for_each_entry (process, &process_hash[pid % PID_HASH], hash_link)
        if (process->pid == pid)
            return process;
    return NULL;
}

struct task *task_find(pid_t tid)
{
    struct task *task;

    assert(spin_held(&process_lock));
    if (tid <= 0)
        return NULL;
    list_for_each_entry (task, &task_hash[tid % PID_HASH], tid_hash_link)
        if (task->tid == tid)
            return task;
    return NULL;
}

struct process *process_next(pid_t after)
{
    assert(spin_held(&process_lock));
    for (size_t pid = (size_t)after + 1;; pid++) {
        struct process *process;

        pid = bitmap_find_set(pid_map, PID_MAX, pid);
        if (pid >= PID_MAX)
            return NULL;
        process = process_find((pid_t)pid);
        if (process)
            return process;
    }
}

unsigned process_count(void)
{
    return published_processes;
}

void task_init_idle(struct task *idle, struct hart *hart)
{
    task_init_fields(idle);
    idle->thread.hart = hart;
    idle->process = &kernel_process;
    idle->kernel_thread = true;
    str_copy(idle->comm, "idle", sizeof(idle->comm));
    hart->idle = &idle->thread;
}

struct task *task_create_idle(struct hart *hart)
{
    struct task *idle = slab_alloc(task_cache, 0);

    if (!idle)
        return NULL;
    task_init_idle(idle, hart);
    idle->stack_top = kstack_alloc();
    hart->emergency_sp = kstack_alloc();
    if (idle->stack_top && hart->emergency_sp)
        return idle;
    if (idle->stack_top)
        kstack_free(idle->stack_top);
    slab_free(task_cache, idle);
    return NULL;
}

void task_init(void)
{
    for (size_t i = 0; i < PID_HASH; i++) {
        list_init(&process_hash[i]);
        list_init(&task_hash[i]);
    }
    list_init(&process_list);
    list_init(&kernel_process.children);
    list_init(&kernel_process.threads);
    wait_queue_init(&kernel_process.child_wait);
    sigpending_init(&kernel_process.shared_pending);
    bitmap_set(pid_map, 0);
    task_cache = slab_cache_create("task", sizeof(struct task), 16, NULL);
    process_cache = slab_cache_create("process", sizeof(struct process), 0, NULL);
    assert(task_cache && process_cache);
}
