/*
 * What signals do to the running task on its way back to user mode: nothing, a handler, a stop, the
 * end; and what becomes of the system call that they interrupted. signal(7).
 */
#pragma once

struct trap_frame;

/*
 * Handles all that is pending. regs is the task's user frame. Sleeps while the process is stopped;
 * does not return if the process ends. Interrupts are on.
 */
void signal_deliver(struct trap_frame *regs);
