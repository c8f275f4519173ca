/*
 * Assertions: for what cannot happen. What a program, a disk or a device tree can cause is an
 * error.
 *
 * The lowest floor cannot print or stop the machine, so a failing assertion calls a hook that
 * kernel/panic.c sets at boot; until then, and in host tests, it traps.
 */
#pragma once

#include "lib/types.h"

#define assert(expr) ((expr) ? (void)0 : assert_fail(#expr, __FILE__, __LINE__, __func__))

typedef void assert_hook_fn(const char *expr, const char *file, int line, const char *func);

/* Called by assert(); does not return. */
__noreturn void assert_fail(const char *expr, const char *file, int line, const char *func);

/* Sets what a failing assertion calls. */
void assert_set_hook(assert_hook_fn *hook);
