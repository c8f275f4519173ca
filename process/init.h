/*
 * The first process: pid 1, which runs /sbin/init (or what init= on the kernel command line names)
 * with the words behind "--" as its arguments.
 */
#pragma once

struct trap_frame;

/* Makes and starts pid 1. File systems are mounted. Called once; panics when it cannot. */
void init_start(void);

/* What pid 1 does first, on its own stack: makes frame start init. Panics when it cannot. */
void init_run(struct trap_frame *frame);
