/* The first line of a script: `#!INTERPRETER [ARGUMENT]`. execve(2), "Interpreter scripts". */
#pragma once

#include "lib/types.h"

#define SCRIPT_LINE_MAX 256 /* bytes looked at: Linux's BINPRM_BUF_SIZE */

/*
 * Takes the line apart in place: line holds `size` bytes of the file's start and one more for a
 * NUL. *interpreter and *argument (NULL: none) point into it. 0, or -ENOEXEC: no script, or the
 * interpreter's name is missing or cut off.
 */
int script_parse(char *line, size_t size, char **interpreter, char **argument);
