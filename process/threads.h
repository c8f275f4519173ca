/*
 * The threads of one process as a whole: ending all the others, for exit_group(2) and execve(2).
 */
#pragma once

struct process;

/* Makes every other thread of the running task's process come back to the way to user mode, where
 * it looks at what its process is doing. process_lock is held. */
void threads_interrupt_others(void);

/*
 * execve: ends all other threads and waits until they have gone; the running task is then the only
 * one, and the leader. 0; -EAGAIN when the process is ending, or another thread is at this already.
 */
int threads_end_others(void);

/* The running task has left its process's thread list: wakes who waits for that. process_lock is
 * held. */
void threads_one_ended(struct process *process);
