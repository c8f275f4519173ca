/*
 * arith.h - the expressions of $((...)).
 */
#ifndef SH_ARITH_H
#define SH_ARITH_H

#include "userland/c/sh/vars.h"

#include <stdbool.h>

/*
 * Evaluates TEXT; assignments in it change VARS. True with *VALUE, or false with *ERROR a
 * constant text that says what is wrong.
 */
bool arith_evaluate(struct vars *vars, const char *text, long *value, const char **error);

#endif
