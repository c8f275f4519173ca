/*
 * The alternate signal stack of a thread. sigaltstack(2).
 */
#pragma once

#include "sched/task.h"

/* Linux, include/uapi/linux/signal.h, and arch/riscv's AT_MINSIGSTKSZ: its frame and a bit. */
#define SS_ONSTACK    1
#define SS_DISABLE    2
#define SS_AUTODISARM 0x80000000u
#define MINSIGSTKSZ   2048

/* stack_t as user space has it. */
struct user_stack {
    uint64_t sp;
    int32_t flags, pad;
    uint64_t size;
};

/* Whether sp lies on the running task's alternate stack. */
bool altstack_contains(vaddr_t sp);

/* What sigaltstack(2) tells of the running task, whose stack pointer is sp. */
void altstack_describe(struct user_stack *user, vaddr_t sp);

/* Sets it: 0; -EPERM (sp is on it now), -EINVAL (flags), -ENOMEM (too small). */
int altstack_set(const struct user_stack *user, vaddr_t sp);
