/*
 * System calls for looking inside, this kernel's own:
 *
 *     debug_trace(fd)             from now on tells the caller's system calls, and those of the
 *                                 threads and children it makes, to the open file behind fd; they
 *                                 go on across execve. -1: no longer. 0, EBADF.
 *     debug_pte(pid, addr, walk)  copies the page-table entries that lead to an address of a
 * process (0: the caller) to a struct debug_walk. 0, ESRCH, EFAULT; EINVAL: not a user address;
 * EACCES: another user's process.
 */
#include "fs/process_view.h"
#include "lib/err.h"
#include "mm/mm.h"
#include "mm/pgtable.h"
#include "syscall/abi.h"
#include "syscall/prototypes.h"
#include "syscall/user_copy.h"
#include "syscall/user_file.h"

int64_t sys_debug_trace(int fd)
{
    struct task *task = current_task();
    struct file *file = fd == -1 ? NULL : user_file_get(fd), *before = task->trace;

    if (IS_ERR(file))
        return PTR_ERR(file);
    task->trace = file;
    if (before)
        file_put(before);
    return 0;
}

/* mm->lock keeps the tables, table_lock the entries. */
static void walk_mm(struct mm *mm, vaddr_t addr, struct debug_walk *walk)
{
    rw_lock_read(&mm->lock);
    spin_lock(&mm->table_lock);
    walk->root = virt_to_phys(mm->root);
    walk->count = pgtable_walk(mm->root, addr, walk->entries);
    spin_unlock(&mm->table_lock);
    rw_unlock_read(&mm->lock);
}

int64_t sys_debug_pte(pid_t pid, vaddr_t addr, vaddr_t where)
{
    struct debug_walk walk = {0};
    struct process_view view;
    int error;

    if (!user_range_ok(addr, 1))
        return -EINVAL;
    error = process_view_get(pid ? pid : current_task()->process->pid, &view);
    if (error)
        return error;
    error = process_view_permission(&view);
    if (!error && !view.mm)
        error = -ESRCH;
    if (!error)
        walk_mm(view.mm, addr, &walk);
    process_view_put(&view);
    return error ? error : user_put(where, &walk, sizeof(walk));
}
