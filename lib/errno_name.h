/* Error numbers by name. */
#pragma once

/* "ENOENT" for ENOENT; NULL for a number that lib/errno.h does not have. */
const char *errno_name(int error);
