/*
 * number.h - numbers from the command line, checked to the last character.
 */
#ifndef USERLAND_LIB_NUMBER_H
#define USERLAND_LIB_NUMBER_H

#include <stdbool.h>

/*
 * A decimal number with optional sign and surrounding blanks. False, leaving *NUMBER, if TEXT
 * is empty, has anything else in it, or does not fit a long.
 */
bool number_parse_long(const char *text, long *number);

/*
 * A byte count: an unsigned number, decimal or with 0x; a suffix b (512), k (1024) or m
 * multiplies. False if malformed or too large.
 */
bool number_parse_size(const char *text, unsigned long *size);

#endif
