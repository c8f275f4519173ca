/*
 * What gcc's -fsanitize=undefined calls when a program leaves the language: each handler is a
 * panic that says what happened and where. Only the debug kernel is compiled so.
 *
 * The names and arguments are gcc 12's (libsanitizer/ubsan, ubsan_handlers.h); of each pair the one
 * that does not return (-fno-sanitize-recover).
 */
#pragma once

#include "lib/types.h"

#if defined(FATHOM_DEBUG)

struct ubsan_place;
struct ubsan_typed;
struct ubsan_shift;
struct ubsan_bounds;
struct ubsan_mismatch;
struct ubsan_return;

__noreturn void __ubsan_handle_add_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b);
__noreturn void __ubsan_handle_sub_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b);
__noreturn void __ubsan_handle_mul_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b);
__noreturn void __ubsan_handle_divrem_overflow_abort(struct ubsan_typed *at, uint64_t a,
                                                     uint64_t b);
__noreturn void __ubsan_handle_negate_overflow_abort(struct ubsan_typed *at, uint64_t a);
__noreturn void __ubsan_handle_shift_out_of_bounds_abort(struct ubsan_shift *at, uint64_t value,
                                                         uint64_t count);
__noreturn void __ubsan_handle_out_of_bounds_abort(struct ubsan_bounds *at, uint64_t index);
__noreturn void __ubsan_handle_type_mismatch_v1_abort(struct ubsan_mismatch *at, uint64_t pointer);
__noreturn void __ubsan_handle_pointer_overflow_abort(struct ubsan_place *at, uint64_t base,
                                                      uint64_t result);
__noreturn void __ubsan_handle_load_invalid_value_abort(struct ubsan_typed *at, uint64_t value);
__noreturn void __ubsan_handle_vla_bound_not_positive_abort(struct ubsan_typed *at, uint64_t bound);
__noreturn void __ubsan_handle_nonnull_arg_abort(struct ubsan_place *at);
__noreturn void __ubsan_handle_nonnull_return_v1_abort(struct ubsan_return *attribute,
                                                       struct ubsan_place *at);
__noreturn void __ubsan_handle_invalid_builtin_abort(struct ubsan_place *at);
__noreturn void __ubsan_handle_builtin_unreachable(struct ubsan_place *at);
__noreturn void __ubsan_handle_missing_return(struct ubsan_place *at);

#endif
