/*
 * Text to numbers, for the command line and for files that are written as text.
 *
 * Strictly: the whole string must be the number. What a call refuses it leaves alone.
 */
#pragma once

#include "lib/types.h"

/*
 * Reads an unsigned number in base 2 to 36; base 0 reads "0x" as 16, a leading "0" as 8, else 10.
 * Base 16 allows "0x". No sign, no blanks. Returns 0, or -EINVAL when s is no such number, or
 * -ERANGE when it does not fit.
 */
int parse_u64(const char *s, int base, uint64_t *out);

/*
 * Reads a size in bytes: a number in base 0 followed by nothing or by one of K M G T (either case)
 * for 2^10, 2^20, 2^30, 2^40. Errors as parse_u64.
 */
int parse_size(const char *s, uint64_t *out);
