/*
 * parameter.h - reads the name of a parameter and the operator after it.
 */
#ifndef SH_PARAMETER_H
#define SH_PARAMETER_H

#include "userland/c/sh/ast.h"
#include "userland/c/sh/scan.h"

#include <stdbool.h>

bool parameter_is_digit(int c);

/* Reads a parameter's name into NAME: special, number or name. False if there is none. */
bool parameter_read_name(struct scan *scan, struct strbuf *name);

/* After "${#": whether this is a length, ${#x}, and not something about the parameter "#". */
bool parameter_at_length(struct scan *scan);

/* Reads the operator that begins with C; OP_NONE if it does not. *COLON: a colon stood first. */
enum parameter_op parameter_read_op(struct scan *scan, int c, bool *colon);

#endif
