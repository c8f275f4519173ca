/*
 * Traps that a program's own instruction caused, as signals; and the one line on the console that
 * says what it did, when that ends it.
 *
 *     fathom: a.out[12]: SIGSEGV: load at 0x3ffff7f000, pc 0x100b4: no mapping
 */
#pragma once

#include "mm/fault.h"

struct trap_frame;

/* A page fault of the running task that mm_fault() did not resolve; the address is frame->badaddr.
 * May sleep. */
void process_fault_signal(struct trap_frame *frame, enum fault_access access,
                          enum fault_result result);

/* Any other exception in user mode: illegal instruction, breakpoint, misaligned or impossible
 * access. */
void process_exception_signal(struct trap_frame *frame);
