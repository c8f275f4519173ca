/*
 * Trap entry and return, and the switch from one thread to another.
 *
 * In user mode sscratch holds the running thread, in the kernel it holds 0: so one swap with tp
 * tells where the trap came from. A full frame (struct trap_frame) is saved once; a trap from user
 * mode puts it at the top of the thread's kernel stack, one from the kernel below the interrupted
 * frame. If that would leave the stack (its guard page lies below), the frame goes to the hart's
 * emergency stack instead, and the handler names the overflow.
 *
 * Nothing here knows C functions above this floor: trap_handler and thread_user_hook are set by
 * trap_set_handler() and thread_set_user_hook().
 */
#include "arch/riscv/asm_offsets.h"
#include "arch/riscv/csr.h"

/* Saves x5 … x31, and x1, x3; sp (x2) and tp (x4) are the caller's business. */
.macro SAVE_REGS
    sd x1, FRAME_REG(1)(sp)
    sd x3, FRAME_REG(3)(sp)
    .irp n,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, FRAME_REG(\n)(sp)
    .endr
.endm

    .text
    .globl trap_entry
    .balign 4
trap_entry:
    csrrw tp, sscratch, tp
    bnez tp, .Lfrom_user

    csrrw tp, sscratch, zero
    sd t0, THREAD_SCRATCH(tp)
    addi t0, sp, -FRAME_SIZE
    srli t0, t0, KSTACK_SHIFT
    andi t0, t0, 1
    beqz t0, .Loverflow
    mv t0, sp
    addi sp, sp, -FRAME_SIZE
.Lsave_kernel:
    sd t0, FRAME_REG(2)(sp)
    ld t0, THREAD_SCRATCH(tp)
    SAVE_REGS
    sd tp, FRAME_REG(4)(sp)
    j .Lsaved

.Loverflow:
    mv t0, sp
    ld sp, THREAD_HART(tp)
    ld sp, HART_EMERGENCY_SP(sp)
    addi sp, sp, -FRAME_SIZE
    j .Lsave_kernel

.Lfrom_user:
    sd sp, THREAD_SCRATCH(tp)
    ld sp, THREAD_KERNEL_SP(tp)
    SAVE_REGS
    ld t0, THREAD_SCRATCH(tp)
    sd t0, FRAME_REG(2)(sp)
    csrrw t0, sscratch, zero
    sd t0, FRAME_REG(4)(sp)

.Lsaved:
    /* The kernel neither touches user memory nor floating point unless it says so. */
    li t0, SSTATUS_SUM | SSTATUS_FS
    csrrc t1, sstatus, t0
    csrr t2, sepc
    csrr t3, scause
    csrr t4, stval
    sd t1, FRAME_STATUS(sp)
    sd t2, FRAME_PC(sp)
    sd t3, FRAME_CAUSE(sp)
    sd t4, FRAME_BADADDR(sp)
    sd a0, FRAME_ORIG_A0(sp)
    mv a0, sp
    la t0, trap_handler
    ld t0, 0(t0)
    jalr t0

/* sp: the frame to resume. */
trap_return:
    csrci sstatus, SSTATUS_SIE
    ld t0, FRAME_STATUS(sp)
    ld t1, FRAME_PC(sp)
    csrw sepc, t1
    csrw sstatus, t0
    andi t0, t0, SSTATUS_SPP
    bnez t0, 1f
    csrw sscratch, tp
    ld tp, FRAME_REG(4)(sp)
1:
    .irp n,1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, FRAME_REG(\n)(sp)
    .endr
    ld sp, FRAME_REG(2)(sp)
    sret

/* struct thread *thread_switch(struct thread *prev, struct thread *next) */
    .globl thread_switch
thread_switch:
    sd ra, THREAD_CTX + 0(a0)
    sd sp, THREAD_CTX + 8(a0)
    sd s0, THREAD_CTX + 16(a0)
    sd s1, THREAD_CTX + 24(a0)
    sd s2, THREAD_CTX + 32(a0)
    sd s3, THREAD_CTX + 40(a0)
    sd s4, THREAD_CTX + 48(a0)
    sd s5, THREAD_CTX + 56(a0)
    sd s6, THREAD_CTX + 64(a0)
    sd s7, THREAD_CTX + 72(a0)
    sd s8, THREAD_CTX + 80(a0)
    sd s9, THREAD_CTX + 88(a0)
    sd s10, THREAD_CTX + 96(a0)
    sd s11, THREAD_CTX + 104(a0)
    ld ra, THREAD_CTX + 0(a1)
    ld sp, THREAD_CTX + 8(a1)
    ld s0, THREAD_CTX + 16(a1)
    ld s1, THREAD_CTX + 24(a1)
    ld s2, THREAD_CTX + 32(a1)
    ld s3, THREAD_CTX + 40(a1)
    ld s4, THREAD_CTX + 48(a1)
    ld s5, THREAD_CTX + 56(a1)
    ld s6, THREAD_CTX + 64(a1)
    ld s7, THREAD_CTX + 72(a1)
    ld s8, THREAD_CTX + 80(a1)
    ld s9, THREAD_CTX + 88(a1)
    ld s10, THREAD_CTX + 96(a1)
    ld s11, THREAD_CTX + 104(a1)
    mv tp, a1
    ret

/* A new kernel thread starts here: s1 the function, s2 its argument. It never returns. */
    .globl thread_kernel_start
thread_kernel_start:
    li s0, 0
    mv a0, s2
    jalr s1
    ebreak

/* A new user thread starts here: sp is its user frame. */
    .globl thread_user_start
thread_user_start:
    li s0, 0
    mv a0, sp
    la t0, thread_user_hook
    ld t0, 0(t0)
    jalr t0
    j trap_return

/* What traps and new user threads call: thread.c sets them at boot. */
    .data
    .balign 8
    .globl trap_handler
trap_handler:
    .dword 0
    .globl thread_user_hook
thread_user_hook:
    .dword 0
