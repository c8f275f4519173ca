/*
 * The handlers' prototypes, made from the table: sys_NAME with one parameter for each argument, of
 * the type of its kind. Each returns what the program finds in a0: a value, or a negative errno.
 * Handlers fetch what lies in user memory, call one function below, and store what comes back.
 */
#pragma once

#include "syscall/table.h"

#define SYSCALL_TYPE_NAME(kind, type) typedef type syscall_type_##kind;
SYSCALL_KINDS(SYSCALL_TYPE_NAME)
#undef SYSCALL_TYPE_NAME

#define SYSCALL_T(kind)                syscall_type_##kind
#define SYSCALL_TYPES_0()              void
#define SYSCALL_TYPES_1(a)             SYSCALL_T(a)
#define SYSCALL_TYPES_2(a, b)          SYSCALL_T(a), SYSCALL_T(b)
#define SYSCALL_TYPES_3(a, b, c)       SYSCALL_TYPES_2(a, b), SYSCALL_T(c)
#define SYSCALL_TYPES_4(a, b, c, d)    SYSCALL_TYPES_3(a, b, c), SYSCALL_T(d)
#define SYSCALL_TYPES_5(a, b, c, d, e) SYSCALL_TYPES_4(a, b, c, d), SYSCALL_T(e)
#define SYSCALL_TYPES_6(...)           const struct syscall_args *

#define SYSCALL_PROTOTYPE(number, name, handler, restart, count, kinds)                            \
    int64_t sys_##handler(SYSCALL_TYPES_##count kinds);
SYSCALL_TABLE(SYSCALL_PROTOTYPE)
#undef SYSCALL_PROTOTYPE
