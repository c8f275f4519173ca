/*
 * The kernel command line: words separated by blanks, each KEY or KEY=VALUE; what follows a word
 * "--" is for init.
 */
#pragma once

#include "lib/types.h"

#define CMDLINE_MAX 2048

/* Keeps a copy of line (may be NULL). */
void cmdline_init(const char *line);

/* The whole line. */
const char *cmdline_text(void);

/* Copies the value of the last KEY=VALUE into buf; returns false if there is none. */
bool cmdline_get(const char *key, char *buf, size_t size);
