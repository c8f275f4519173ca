#include "process/reap.h"

#include "lib/assert.h"
#include "process/times.h"

void reap_locked(struct process *process, bool count)
{
    assert(spin_held(&process_lock) && process->zombie && process->thread_count == 0);
    if (count && process->parent) {
        usage_add(&process->parent->children_usage, &process->usage);
        usage_add(&process->parent->children_usage, &process->children_usage);
    }
    process_unpublish(process);
}
