#include "kernel/ubsan.h"

#if defined(FATHOM_DEBUG)

#include "kernel/panic.h"
#include "lib/string.h"

/* The compiler's tables: libsanitizer/ubsan/ubsan_value.h and ubsan_handlers.h of gcc 12. */
struct ubsan_place {
    const char *file;
    uint32_t line, column;
};

struct ubsan_type {
    uint16_t kind; /* 0: an integer */
    uint16_t info; /* bit 0: signed; above: log2 of its bits */
    char name[];   /* in quotes */
};

struct ubsan_typed {
    struct ubsan_place place;
    const struct ubsan_type *type;
};

struct ubsan_shift {
    struct ubsan_place place;
    const struct ubsan_type *value, *count;
};

struct ubsan_bounds {
    struct ubsan_place place;
    const struct ubsan_type *array, *index;
};

struct ubsan_mismatch {
    struct ubsan_place place;
    const struct ubsan_type *type;
    uint8_t log2_align;
    uint8_t kind;
};

#define DIE(place, fmt, ...)                                                                       \
    panic("undefined behaviour: " fmt " (%s:%u)", __VA_ARGS__, file_name(place), (place)->line)

/* The compiler names files by their whole path: from the tree's root on is enough. */
static const char *file_name(const struct ubsan_place *place)
{
    return strlen(place->file) > FATHOM_ROOT_LENGTH ? place->file + FATHOM_ROOT_LENGTH
                                                    : place->file;
}

void __ubsan_handle_add_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b)
{
    DIE(&at->place, "%#lx + %#lx overflows %s", a, b, at->type->name);
}

void __ubsan_handle_sub_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b)
{
    DIE(&at->place, "%#lx - %#lx overflows %s", a, b, at->type->name);
}

void __ubsan_handle_mul_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b)
{
    DIE(&at->place, "%#lx * %#lx overflows %s", a, b, at->type->name);
}

void __ubsan_handle_divrem_overflow_abort(struct ubsan_typed *at, uint64_t a, uint64_t b)
{
    DIE(&at->place, "%#lx divided by %#lx in %s", a, b, at->type->name);
}

void __ubsan_handle_negate_overflow_abort(struct ubsan_typed *at, uint64_t a)
{
    DIE(&at->place, "-(%#lx) overflows %s", a, at->type->name);
}

void __ubsan_handle_shift_out_of_bounds_abort(struct ubsan_shift *at, uint64_t value,
                                              uint64_t count)
{
    DIE(&at->place, "%#lx of %s shifted by %ld", value, at->value->name, (long)count);
}

void __ubsan_handle_out_of_bounds_abort(struct ubsan_bounds *at, uint64_t index)
{
    DIE(&at->place, "index %ld is outside of %s", (long)index, at->array->name);
}

void __ubsan_handle_type_mismatch_v1_abort(struct ubsan_mismatch *at, uint64_t pointer)
{
    uint64_t align = BIT(at->log2_align);

    if (!pointer)
        DIE(&at->place, "null pointer to %s", at->type->name);
    if (!IS_ALIGNED(pointer, align))
        DIE(&at->place, "%#lx is not aligned for %s", pointer, at->type->name);
    DIE(&at->place, "no room at %#lx for %s", pointer, at->type->name);
}

void __ubsan_handle_pointer_overflow_abort(struct ubsan_place *at, uint64_t base, uint64_t result)
{
    DIE(at, "pointer %#lx wraps to %#lx", base, result);
}

void __ubsan_handle_load_invalid_value_abort(struct ubsan_typed *at, uint64_t value)
{
    DIE(&at->place, "%#lx is no value of %s", value, at->type->name);
}

void __ubsan_handle_vla_bound_not_positive_abort(struct ubsan_typed *at, uint64_t bound)
{
    DIE(&at->place, "an array of %ld elements", (long)bound);
}

void __ubsan_handle_nonnull_arg_abort(struct ubsan_place *at)
{
    DIE(at, "%s", "a null argument where none may be");
}

void __ubsan_handle_nonnull_return_v1_abort(struct ubsan_return *attribute, struct ubsan_place *at)
{
    (void)attribute;
    DIE(at, "%s", "a null result where none may be");
}

void __ubsan_handle_invalid_builtin_abort(struct ubsan_place *at)
{
    DIE(at, "%s", "zero given to a count of zeroes");
}

void __ubsan_handle_builtin_unreachable(struct ubsan_place *at)
{
    DIE(at, "%s", "the unreachable is reached");
}

void __ubsan_handle_missing_return(struct ubsan_place *at)
{
    DIE(at, "%s", "a function ends without its value");
}

#endif
