/*
 * The last thing before user mode: what waits for the running task is done first.
 */
#pragma once

struct trap_frame;

/*
 * Called on every way back to user mode, interrupts off: lets others run if the slice is over,
 * delivers signals. frame is the task's user frame.
 */
void process_return_to_user(struct trap_frame *frame);

/* What a new task does first, on its own stack, before it enters user mode by frame. Leaves
 * interrupts off. */
void process_new_user_thread(struct trap_frame *frame);
