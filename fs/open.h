/* open(2): from a text to an open file, made if it is not there, cut if that is asked. */
#pragma once

#include "fs/file.h"
#include "fs/path.h"

/*
 * Opens what name leads to; with O_CREAT and nothing there, a regular file of this mode (umask
 * taken off already). The flags are checked for sense already. A file with one reference, or
 * ERR_PTR(path_walk()'s, file_open()'s and naming_create()'s errors). Sleeps.
 */
struct file *open_path(const struct path_context *ctx, const char *name, unsigned flags,
                       mode_t mode);
