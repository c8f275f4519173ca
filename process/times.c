/*
 * A task counts for itself (task->usage); when it ends, its process takes the sum; when a process
 * is waited for, its parent does. The running task's time since it was last accounted is added
 * here, so a program sees its own clock move between two calls. A task that runs on another hart
 * lags by up to a slice.
 */
#include "process/times.h"

#include "arch/time.h"
#include "lib/assert.h"
#include "mm/mm.h"

void usage_add(struct usage *sum, const struct usage *more)
{
    sum->user_ns += more->user_ns;
    sum->system_ns += more->system_ns;
    sum->minor_faults += more->minor_faults;
    sum->major_faults += more->major_faults;
    sum->voluntary_switches += more->voluntary_switches;
    sum->involuntary_switches += more->involuntary_switches;
    sum->max_rss_pages = MAX(sum->max_rss_pages, more->max_rss_pages);
}

void usage_of_current(struct usage *usage)
{
    struct task *task = current_task();
    uint64_t flags = irq_save();
    uint64_t ran = time_ns() - task->accounted_ns;

    *usage = task->usage;
    irq_restore(flags);
    if (task->ticked_in_user)
        usage->user_ns += ran;
    else
        usage->system_ns += ran;
    if (task->mm)
        usage->max_rss_pages = MAX(usage->max_rss_pages, task->mm->peak_rss);
}

/* The usage of a task of any process. process_lock is held. */
static void usage_of_task(struct task *task, struct usage *usage)
{
    if (task == current_task()) {
        usage_of_current(usage);
        return;
    }
    *usage = task->usage;
    if (task->mm)
        usage->max_rss_pages = MAX(usage->max_rss_pages, task->mm->peak_rss);
}

void usage_of_process(struct process *process, struct usage *usage)
{
    struct task *task;

    assert(spin_held(&process_lock));
    *usage = process->usage;
    list_for_each_entry (task, &process->threads, thread_link) {
        struct usage one;

        usage_of_task(task, &one);
        usage_add(usage, &one);
    }
}

uint64_t cpu_time_of_current(void)
{
    struct usage usage;

    usage_of_current(&usage);
    return usage.user_ns + usage.system_ns;
}

uint64_t cpu_time_of_process(void)
{
    uint64_t flags = spin_lock_irqsave(&process_lock);
    struct usage usage;

    usage_of_process(current_task()->process, &usage);
    spin_unlock_irqrestore(&process_lock, flags);
    return usage.user_ns + usage.system_ns;
}
