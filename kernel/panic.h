/*
 * The end: for what the kernel cannot survive. One hart prints why and a backtrace with symbols,
 * the others stop, the machine goes off with a failing status.
 */
#pragma once

#include "lib/types.h"

struct trap_frame;

/* Status 125 tells tools/run of a panic. */
#define PANIC_STATUS 125

__noreturn void panic(const char *fmt, ...) __printf_like(1, 2);

/* A panic inside a trap: prints the frame's registers and its backtrace. */
__noreturn void panic_frame(const struct trap_frame *frame, const char *fmt, ...)
    __printf_like(2, 3);

/* The way to end the machine with this status, 0 for success; set by drivers. Does not return if
 * it works. */
typedef void power_off_fn(int status);
void panic_set_power_off(power_off_fn *fn);

/* How the panicking hart stops the others; set by the machine's entry code. */
void panic_set_stop_others(void (*fn)(void));

/* True once a panic has begun. */
bool panic_in_progress(void);

/* Routes assertions here; before anything else runs. */
void panic_init(void);

/* Ends the machine through the registered function, or by SBI. */
__noreturn void power_off(int status);
