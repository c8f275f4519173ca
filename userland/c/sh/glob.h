/*
 * glob.h - patterns: names of files that match, and prefixes and suffixes cut from values.
 *
 * Patterns are POSIX's (2.13): * ? [...], with a backslash before what is to be taken as it is.
 */
#ifndef SH_GLOB_H
#define SH_GLOB_H

#include "userland/c/sh/fields.h"

#include <stdbool.h>

bool glob_match(const char *pattern, const char *text);

/* Adds the paths that match, sorted; returns how many. A leading dot is matched only by a dot. */
size_t glob_paths(const char *pattern, struct fields *fields);

/* VALUE without its SHORTEST or longest beginning (or end, AT_END) that matches; malloc'ed. */
char *glob_cut(const char *value, const char *pattern, bool at_end, bool longest);

#endif
