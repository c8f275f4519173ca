/*
 * What C has to do with threads: making new ones, and saving and loading FP state. A user thread's
 * FP registers live in the hart while it runs; they are saved at a switch only if the user dirtied
 * them since they were loaded.
 */
#include "arch/riscv/thread.h"

#include "arch/riscv/asm_offsets.h"
#include "arch/riscv/csr.h"
#include "arch/riscv/fpu.h"
#include "lib/string.h"

_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "asm_offsets.h");
_Static_assert(offsetof(struct trap_frame, t6) == FRAME_REG(31), "asm_offsets.h");
_Static_assert(offsetof(struct trap_frame, status) == FRAME_STATUS, "asm_offsets.h");
_Static_assert(offsetof(struct trap_frame, cause) == FRAME_CAUSE, "asm_offsets.h");
_Static_assert(offsetof(struct trap_frame, badaddr) == FRAME_BADADDR, "asm_offsets.h");
_Static_assert(offsetof(struct trap_frame, orig_a0) == FRAME_ORIG_A0, "asm_offsets.h");
_Static_assert(offsetof(struct thread, kernel_sp) == THREAD_KERNEL_SP, "asm_offsets.h");
_Static_assert(offsetof(struct thread, hart) == THREAD_HART, "asm_offsets.h");
_Static_assert(offsetof(struct thread, scratch) == THREAD_SCRATCH, "asm_offsets.h");
_Static_assert(offsetof(struct thread, ctx) == THREAD_CTX, "asm_offsets.h");
_Static_assert(offsetof(struct thread, fp) == THREAD_FP, "asm_offsets.h");

/* In trap.S. */
void trap_entry(void);
void thread_kernel_start(void);
void thread_user_start(void);

extern void (*trap_handler)(struct trap_frame *frame);
extern void (*thread_user_hook)(struct trap_frame *frame);

void trap_set_handler(void (*handler)(struct trap_frame *frame))
{
    trap_handler = handler;
}

void thread_set_user_hook(void (*hook)(struct trap_frame *frame))
{
    thread_user_hook = hook;
}

void trap_init_hart(void)
{
    csr_write(sscratch, 0);
    csr_write(stvec, (uint64_t)trap_entry);
}

void thread_init_kernel(struct thread *t, uint64_t stack_top, void (*entry)(void *), void *arg)
{
    t->kernel_sp = stack_top - sizeof(struct trap_frame);
    t->ctx = (struct context){.ra = (uint64_t)thread_kernel_start, .sp = stack_top};
    t->ctx.s[1] = (uint64_t)entry;
    t->ctx.s[2] = (uint64_t)arg;
}

void thread_init_user(struct thread *t, uint64_t stack_top, const struct trap_frame *frame)
{
    t->kernel_sp = stack_top - sizeof(struct trap_frame);
    *thread_user_frame(t) = *frame;
    t->ctx = (struct context){.ra = (uint64_t)thread_user_start, .sp = t->kernel_sp};
}

static void fp_mark_clean(struct trap_frame *frame)
{
    frame->status = (frame->status & ~(uint64_t)SSTATUS_FS) | SSTATUS_FS_CLEAN;
}

void fp_save(struct thread *t)
{
    struct trap_frame *frame = thread_user_frame(t);

    if ((frame->status & SSTATUS_FS) != SSTATUS_FS_DIRTY)
        return;
    csr_set(sstatus, SSTATUS_FS);
    fp_store(&t->fp);
    csr_clear(sstatus, SSTATUS_FS);
    fp_mark_clean(frame);
}

void fp_restore(struct thread *t)
{
    struct trap_frame *frame = thread_user_frame(t);

    if ((frame->status & SSTATUS_FS) == SSTATUS_FS_OFF)
        return;
    csr_set(sstatus, SSTATUS_FS);
    fp_load(&t->fp);
    csr_clear(sstatus, SSTATUS_FS);
    fp_mark_clean(frame);
}

void fp_replace(struct thread *t, const struct fp_state *fp)
{
    if (fp)
        t->fp = *fp;
    else
        memset(&t->fp, 0, sizeof(t->fp));
    fp_mark_clean(thread_user_frame(t));
    fp_restore(t);
}

void thread_frame_init(struct trap_frame *frame, vaddr_t pc, vaddr_t sp)
{
    memset(frame, 0, sizeof(*frame));
    frame->pc = pc;
    frame->sp = sp;
    frame->status = SSTATUS_SPIE | SSTATUS_FS_INIT | SSTATUS_UXL_64;
    thread_leave_syscall(frame);
}

bool thread_in_syscall(const struct trap_frame *frame)
{
    return frame->cause == EXC_ECALL_U;
}

void thread_leave_syscall(struct trap_frame *frame)
{
    frame->cause = ~0UL; /* no trap has this number */
}
