/*
 * What the machine keeps of a task: its stack, its callee-saved registers while it does not run,
 * its floating-point state, and the hart it runs on. struct thread is the first member of struct
 * task; the tp register points to the running one. The offsets are known to assembly
 * (arch/riscv/asm_offsets.h).
 */
#pragma once

#include "lib/types.h"

struct hart;

/* The registers of an interrupted program, in the order of their numbers; pc in place of x0. */
struct trap_frame {
    uint64_t pc;
    uint64_t ra, sp, gp, tp;
    uint64_t t0, t1, t2;
    uint64_t s0, s1;
    uint64_t a0, a1, a2, a3, a4, a5, a6, a7;
    uint64_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
    uint64_t t3, t4, t5, t6;
    uint64_t status;  /* sstatus at the trap */
    uint64_t cause;   /* scause */
    uint64_t badaddr; /* stval */
    uint64_t orig_a0; /* a0 as the system call was made */
};

struct context {
    uint64_t ra, sp;
    uint64_t s[12];
};

struct fp_state {
    uint64_t f[32];
    uint64_t fcsr;
};

#if defined(FATHOM_DEBUG)
#define HELD_LOCKS_MAX 16

/* Locks that a thread or a hart holds, for kernel/lock_order.h. */
struct held_lock {
    const void *lock;
    unsigned class;
};

struct held_locks {
    unsigned count;
    struct held_lock lock[HELD_LOCKS_MAX]; /* in the order in which they were taken */
};
#endif

struct thread {
    uint64_t kernel_sp; /* (i) top of the kernel stack, less the user's trap frame */
    struct hart *hart;  /* (t) where it runs */
    uint64_t scratch;   /* (t) for trap entry */
    struct context ctx; /* valid while it does not run */
    struct fp_state fp; /* valid while it does not run, or its sstatus.FS is not dirty */
#if defined(FATHOM_DEBUG)
    struct held_locks held_locks; /* (t) sleeping locks */
#endif
};

/* The running thread. */
static inline struct thread *thread_current(void)
{
    struct thread *t;

    __asm__("mv %0, tp" : "=r"(t));
    return t;
}

/* The user registers of a thread that entered the kernel from user mode: top of its stack. */
static inline struct trap_frame *thread_user_frame(struct thread *t)
{
    return (struct trap_frame *)t->kernel_sp;
}

/* Switches stacks and registers; returns, in next's name, what prev's later switch returns. */
struct thread *thread_switch(struct thread *prev, struct thread *next);

/* Makes a new thread start at entry(arg) when first switched to, on the stack that ends at top. */
void thread_init_kernel(struct thread *t, uint64_t stack_top, void (*entry)(void *), void *arg);

/* Makes a new thread return to user mode with frame when first switched to. */
void thread_init_user(struct thread *t, uint64_t stack_top, const struct trap_frame *frame);

/* Sets what a new user thread calls, on its own stack, before it first returns to user mode. */
void thread_set_user_hook(void (*hook)(struct trap_frame *frame));

/* Sets what every trap calls; on its return the frame is resumed. */
void trap_set_handler(void (*handler)(struct trap_frame *frame));

/* Points this hart's trap vector at trap_entry; the hart is in the kernel. */
void trap_init_hart(void);

/* Saves the FP registers if the user's trap frame says that they are dirty; marks them clean. */
void fp_save(struct thread *t);

/* Loads t's FP registers, if its user frame has the unit on. */
void fp_restore(struct thread *t);

/* Gives the running thread t these FP registers (NULL: all zero), whatever it had. */
void fp_replace(struct thread *t, const struct fp_state *fp);

/* Makes a frame that enters user mode at pc with stack pointer sp, all other registers zero. */
void thread_frame_init(struct trap_frame *frame, vaddr_t pc, vaddr_t sp);

/* Whether the frame is that of a system call that may still be made again; and says that it is
 * not. */
bool thread_in_syscall(const struct trap_frame *frame);
void thread_leave_syscall(struct trap_frame *frame);
