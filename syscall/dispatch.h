/*
 * From the ecall to the handler: number in a7, arguments in a0 … a5, result in a0.
 */
#pragma once

#include "syscall/table.h"

struct trap_frame;

struct syscall {
    const char *name; /* NULL: no such call */
    int64_t (*call)(const struct syscall_args *args);
    uint8_t restart; /* enum syscall_restart */
    uint8_t count;
    uint8_t kinds[SYSCALL_ARGS_MAX]; /* enum syscall_kind: how each argument is to be read */
};

/*
 * Serves the call of the running task; the pc is past the ecall already. Interrupts are on. A
 * result that says "interrupted" is left for process/signal_deliver.c to decide.
 */
void syscall_dispatch(struct trap_frame *frame);
