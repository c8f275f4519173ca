#include "process/altstack.h"

#include "lib/errno.h"

bool altstack_contains(vaddr_t sp)
{
    const struct task *task = current_task();

    return sp > task->altstack_base && sp - task->altstack_base <= task->altstack_size;
}

void altstack_describe(struct user_stack *user, vaddr_t sp)
{
    const struct task *task = current_task();

    *user = (struct user_stack){.sp = task->altstack_base, .size = task->altstack_size};
    if (task->altstack_size == 0)
        user->flags = SS_DISABLE;
    else if (altstack_contains(sp))
        user->flags = SS_ONSTACK;
}

int altstack_set(const struct user_stack *user, vaddr_t sp)
{
    struct task *task = current_task();

    if (altstack_contains(sp))
        return -EPERM;
    if (user->flags != 0 && user->flags != SS_DISABLE && user->flags != SS_ONSTACK)
        return -EINVAL;
    if (user->flags != SS_DISABLE && user->size < MINSIGSTKSZ)
        return -ENOMEM;
    task->altstack_base = user->flags == SS_DISABLE ? 0 : user->sp;
    task->altstack_size = user->flags == SS_DISABLE ? 0 : user->size;
    return 0;
}
