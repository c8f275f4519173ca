/*
 * The end of tasks and processes: exit(2), exit_group(2), death by a signal.
 *
 *     task ends      robust locks and the tid word are released, the address space is let go (which
 *                    frees a vfork parent), files and directories are closed
 *     last one       the terminal's session ends if it led it; children go to init; groups that
 *                    nobody can continue any more get SIGHUP and SIGCONT; it is a zombie until its
 *                    parent waits, or gone at once if the parent has said that it will not
 */
#pragma once

#include "lib/types.h"

/* Ends the running task; `status` as wait4() gives it counts if it is its process's leader. */
__noreturn void task_exit(int status);

/* Ends all tasks of the running process with this wait status. */
__noreturn void process_exit_group(int status);
