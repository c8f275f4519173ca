/*
 * Layout: Linux, arch/riscv/include/uapi/asm/{ucontext,sigcontext,ptrace}.h and
 * arch/riscv/kernel/signal.c (struct rt_sigframe). The general registers stand in the order of
 * their numbers with pc in x0's place, just as at the start of struct trap_frame.
 */
#include "process/signal_frame.h"

#include "arch/thread.h"
#include "arch/uaccess.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/altstack.h"
#include "process/siginfo.h"
#include "process/vdso.h"
#include "sched/signal_post.h"
#include "sched/task.h"

#define STACK_ALIGN 16 /* RISC-V psABI: the stack pointer is a multiple of 16 */

/* The user's part of struct trap_frame: pc and x1 … x31. */
#define FRAME_REGS_SIZE offsetof(struct trap_frame, status)

struct sigcontext {
    uint8_t regs[FRAME_REGS_SIZE];
    uint64_t fp[32];
    uint32_t fcsr;
    /* The rest of a union that also holds quad-precision registers; the last two words say that no
     * further extension's state follows (struct __riscv_ctx_hdr, END: magic 0, size 0). */
    uint8_t fp_rest[528 - 32 * 8 - 4];
};

struct ucontext {
    uint64_t flags, link;
    struct user_stack stack;
    uint64_t mask;
    uint8_t mask_rest[1024 / 8 - 8]; /* room for 1024 signals */
    struct sigcontext context __attribute__((aligned(16)));
};

struct signal_frame {
    struct user_siginfo info;
    struct ucontext uc;
};

_Static_assert(offsetof(struct ucontext, context) == 176, "ucontext_t");
_Static_assert(sizeof(struct sigcontext) == 784, "sigcontext");
_Static_assert(sizeof(struct signal_frame) == 1088, "rt_sigframe");

/* Where the frame goes; 0 when it would run off the alternate stack. */
static vaddr_t frame_place(const struct trap_frame *regs, const struct k_sigaction *action)
{
    const struct task *task = current_task();
    vaddr_t sp = regs->sp;
    bool on_alt = altstack_contains(sp);

    if (action->flags & SA_ONSTACK && task->altstack_size && !on_alt) {
        sp = task->altstack_base + task->altstack_size;
        on_alt = true;
    }
    if (sp < sizeof(struct signal_frame) + STACK_ALIGN)
        return 0;
    sp = ALIGN_DOWN(sp - sizeof(struct signal_frame), STACK_ALIGN);
    if (on_alt && !altstack_contains(sp))
        return 0;
    return sp;
}

static void context_save(struct sigcontext *context, const struct trap_frame *regs)
{
    struct task *task = current_task();

    fp_save(&task->thread);
    memcpy(context->regs, regs, FRAME_REGS_SIZE);
    memcpy(context->fp, task->thread.fp.f, sizeof(context->fp));
    context->fcsr = (uint32_t)task->thread.fp.fcsr;
}

static void context_restore(const struct sigcontext *context, struct trap_frame *regs)
{
    struct fp_state fp = {.fcsr = context->fcsr};

    memcpy(fp.f, context->fp, sizeof(fp.f));
    memcpy(regs, context->regs, FRAME_REGS_SIZE);
    thread_leave_syscall(regs);
    fp_replace(&current_task()->thread, &fp);
}

int signal_frame_push(struct trap_frame *regs, const struct siginfo *info,
                      const struct k_sigaction *action, uint64_t mask)
{
    vaddr_t sp = frame_place(regs, action);
    struct signal_frame frame;

    if (!sp)
        return -EFAULT;
    memset(&frame, 0, sizeof(frame));
    siginfo_encode(info, &frame.info);
    altstack_describe(&frame.uc.stack, regs->sp);
    frame.uc.mask = mask;
    context_save(&frame.uc.context, regs);
    if (copy_to_user(sp, &frame, sizeof(frame)))
        return -EFAULT;
    regs->a0 = (uint64_t)info->signo;
    regs->a1 = sp + offsetof(struct signal_frame, info);
    regs->a2 = sp + offsetof(struct signal_frame, uc);
    regs->ra = vdso_sigreturn(current_task()->mm);
    regs->sp = sp;
    regs->pc = action->handler;
    return 0;
}

int signal_frame_pop(struct trap_frame *regs)
{
    struct signal_frame frame;

    if (!IS_ALIGNED(regs->sp, STACK_ALIGN) || copy_from_user(&frame, regs->sp, sizeof(frame)))
        return -EFAULT;
    signal_set_blocked(frame.uc.mask);
    context_restore(&frame.uc.context, regs);
    (void)altstack_set(&frame.uc.stack, regs->sp);
    return 0;
}
