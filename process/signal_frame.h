/*
 * The frame that a signal handler runs on, as Linux/riscv64 lays it out, and the way back.
 *
 *     sp at the signal   ->  ...
 *                            struct ucontext: registers, FP registers, mask, alternate stack
 *     sp in the handler  ->  siginfo_t
 *
 * The handler is entered with a0 = the signal, a1 = &siginfo, a2 = &ucontext, ra = the code in
 * [vdso] that calls rt_sigreturn(2).
 */
#pragma once

#include "sched/signal.h"

struct trap_frame;

/*
 * Makes the running task enter the handler: pushes a frame with the registers of *regs and `mask`,
 * the mask to go back to. 0, or -EFAULT when there is no room on the user's stack.
 */
int signal_frame_push(struct trap_frame *regs, const struct siginfo *info,
                      const struct k_sigaction *action, uint64_t mask);

/* rt_sigreturn(2): takes registers, mask and alternate stack from the frame at sp. 0 or -EFAULT. */
int signal_frame_pop(struct trap_frame *regs);
