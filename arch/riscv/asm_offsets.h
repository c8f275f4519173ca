/*
 * Offsets into structures that assembly knows; arch/riscv/thread.c asserts that they are true.
 */
#pragma once

#define FRAME_SIZE    288
#define FRAME_REG(n)  ((n)*8) /* x1 … x31 at their number; pc in x0's place */
#define FRAME_PC      0
#define FRAME_STATUS  256
#define FRAME_CAUSE   264
#define FRAME_BADADDR 272
#define FRAME_ORIG_A0 280

#define THREAD_KERNEL_SP 0
#define THREAD_HART      8
#define THREAD_SCRATCH   16
#define THREAD_CTX       24
#define THREAD_FP        136

#define HART_INDEX        0
#define HART_EMERGENCY_SP 16

/* A kernel stack lies in the upper half of a 32 KiB slot, so this bit of sp is set while it is
 * inside (mm/alloc/kmap.h). */
#define KSTACK_SHIFT 14
